#include "protocols/thrift/reader.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace clew::thrift {
namespace {

// 1: text "ab", 2: int32 -3, 3: true, 20: double 1.5, 21: [{1: int64 300}, {}], 22: {int32: text}, which no
// one asks for.
const std::string kBinary = *bytes_of_hex(
    "0b0001000000026162"
    "080002fffffffd"
    "02000301"
    "0400143ff8000000000000"
    "0f00150c00000002"
    "0a0001000000000000012c00"
    "00"
    "0d0016080b00000001000000070000000178"
    "00");
const std::string kCompact = *bytes_of_hex(
    "18026162"
    "1505"
    "11"
    "0728000000000000f83f"
    "192c"
    "16d80400"
    "00"
    "1b01580e0178"
    "00");

struct Read {
  std::string text;
  int64_t number = 0;
  bool truth = false;
  double floating = 0;
  std::vector<int64_t> list;
  int others = 0;
};

Read read(Reader& reader) {
  Read read;
  reader.structure([&](const Field& field) {
    if (field.is(1, Type::text)) {
      read.text = reader.text();
    } else if (field.is(2, Type::int32)) {
      read.number = reader.integer(field.type);
    } else if (field.is(3, Type::boolean)) {
      read.truth = reader.boolean();
    } else if (field.is(20, Type::floating)) {
      read.floating = reader.floating();
    } else if (field.is(21, Type::list)) {
      reader.structures([&] {
        int64_t value = -1;
        reader.structure([&](const Field& inner) {
          if (!inner.is(1, Type::int64)) return false;
          value = reader.integer(inner.type);
          return true;
        });
        read.list.push_back(value);
      });
    } else {
      ++read.others;
      return false;
    }
    return true;
  });
  return read;
}

TEST(ThriftReader, BothProtocolsSayTheSame) {
  for (const Protocol protocol : {Protocol::binary, Protocol::compact}) {
    Reader reader(protocol == Protocol::binary ? kBinary : kCompact, protocol);
    const Read values = read(reader);
    ASSERT_FALSE(reader.failed()) << reader.status().to_string();
    EXPECT_TRUE(reader.at_end());
    EXPECT_EQ(values.text, "ab");
    EXPECT_EQ(values.number, -3);
    EXPECT_TRUE(values.truth);
    EXPECT_EQ(values.floating, 1.5);
    EXPECT_EQ(values.list, (std::vector<int64_t>{300, -1}));
    EXPECT_EQ(values.others, 1);
  }
}

TEST(ThriftReader, ACutOffMessageFailsWhereverItIsCut) {
  for (const Protocol protocol : {Protocol::binary, Protocol::compact}) {
    const std::string& whole = protocol == Protocol::binary ? kBinary : kCompact;
    for (size_t size = 0; size < whole.size(); ++size) {
      Reader reader(std::string_view(whole).substr(0, size), protocol);
      read(reader);
      EXPECT_TRUE(reader.failed()) << size;
    }
  }
}

TEST(ThriftReader, SizesAreHeldAgainstWhatIsThere) {
  const auto fails = [](const char* hex, Protocol protocol) {
    const std::string bytes = *bytes_of_hex(hex);
    Reader reader(bytes, protocol);
    reader.skip(Type::structure);
    return reader.failed();
  };
  EXPECT_TRUE(fails("0b00017fffffff6162", Protocol::binary));    // a text of 2 GB
  EXPECT_TRUE(fails("0b0001ffffffff6162", Protocol::binary));    // of negative length
  EXPECT_TRUE(fails("0f00010c7fffffff00", Protocol::binary));    // a list of two thousand million structs
  EXPECT_TRUE(fails("0d0001080b7fffffff00", Protocol::binary));  // a map
  EXPECT_TRUE(fails("18ffffffffffffffffff0161", Protocol::compact));
  EXPECT_TRUE(fails("19fcffffffffffffffffff01", Protocol::compact));
  EXPECT_TRUE(fails("1d", Protocol::compact));  // type 13 there is not
  EXPECT_TRUE(fails("05000100", Protocol::binary));
}

TEST(ThriftReader, NestingHasAnEnd) {
  const std::string deep_structs(1000, '\x1c');
  Reader compact(deep_structs, Protocol::compact);
  compact.skip(Type::structure);
  EXPECT_EQ(compact.status().message(), "compact Thrift: nested too deeply at byte 32 of 1000");
  std::string deep_lists = *bytes_of_hex("0f0001");
  for (int i = 0; i < 200; ++i) deep_lists += *bytes_of_hex("0f00000001");
  Reader binary(deep_lists, Protocol::binary);
  binary.skip(Type::structure);
  EXPECT_TRUE(binary.failed());
}

TEST(ThriftReader, TheHeadOfAMessageInAllItsForms) {
  const auto head = [](const char* hex, Protocol protocol) {
    static std::string bytes;
    bytes = *bytes_of_hex(hex);
    Reader reader(bytes, protocol);
    const MessageHead read = reader.message_head();
    return reader.failed() ? "failed" : std::string(read.name) + " " + std::to_string(read.kind);
  };
  EXPECT_EQ(head("82810009656d69744261746368", Protocol::compact), "emitBatch 4");
  EXPECT_EQ(head("80010004"
                 "00000009656d69744261746368"
                 "00000000",
                 Protocol::binary),
            "emitBatch 4");
  EXPECT_EQ(head("00000009656d69744261746368"
                 "04"
                 "00000000",
                 Protocol::binary),
            "emitBatch 4");
  EXPECT_EQ(head("83810009656d69744261746368", Protocol::compact), "failed");
  EXPECT_EQ(head("80010004"
                 "00ffffff656d",
                 Protocol::binary),
            "failed");
}

}  // namespace
}  // namespace clew::thrift
