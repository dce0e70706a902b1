#include "store/columnar/integer_encoding.h"

#include <random>

#include <gtest/gtest.h>

#include "store/columnar/compressed_bytes.h"

namespace clew::store {
namespace {

std::vector<int64_t> made(size_t count, auto make) {
  std::vector<int64_t> values(count);
  for (size_t i = 0; i < count; ++i) values[i] = make(i);
  return values;
}

struct Sequence {
  const char* situation;
  std::vector<int64_t> values;
};

std::vector<Sequence> sequences() {
  std::mt19937_64 random(7);
  auto any = [&](size_t) { return static_cast<int64_t>(random()); };
  return {
      {"none", {}},
      {"one", {42}},
      {"all equal", std::vector<int64_t>(1000, -7)},
      {"two values", made(100, [](size_t i) { return i % 2; })},
      {"extremes", {INT64_MIN, INT64_MAX, 0, -1, 1}},
      {"half the range", {0, INT64_MAX, 1}},
      {"62 bits wide", {0, INT64_MAX / 2, 5}},
      {"58 bits wide", made(100, [&](size_t) { return static_cast<int64_t>(random() >> 6); })},
      {"57 bits wide", made(100, [&](size_t) { return static_cast<int64_t>(random() >> 7); })},
      {"random", made(1000, any)},
      {"ascending",
       made(5000, [](size_t i) { return 1'767'225'600'000'000'000 + static_cast<int64_t>(i) * 1000; })},
      {"descending", made(5000, [](size_t i) { return -static_cast<int64_t>(i) * 977; })},
      {"skewed", made(5000, [](size_t i) { return i % 100 == 0 ? 500 : 200; })},
      {"seven bits", made(777, [](size_t i) { return static_cast<int64_t>(i * 31 % 128); })},
      {"a granule", made(65'536, [&](size_t) { return static_cast<int64_t>(random() % 200'000); })},
  };
}

TEST(IntegerEncoding, RoundTrips) {
  for (const Sequence& sequence : sequences()) {
    std::string bytes;
    append_integers(bytes, sequence.values);
    ByteReader reader(bytes);
    std::vector<int64_t> back(sequence.values.size());
    ASSERT_TRUE(consume_integers(reader, back)) << sequence.situation;
    EXPECT_EQ(back, sequence.values) << sequence.situation;
    EXPECT_EQ(reader.remaining(), 0u) << sequence.situation;
  }
}

TEST(IntegerEncoding, CutShortIsNoticed) {
  for (const Sequence& sequence : sequences()) {
    std::string bytes;
    append_integers(bytes, sequence.values);
    for (size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 200) {
      ByteReader reader(std::string_view(bytes).substr(0, size));
      std::vector<int64_t> back(sequence.values.size());
      EXPECT_FALSE(consume_integers(reader, back)) << sequence.situation << " cut to " << size;
    }
  }
}

TEST(IntegerEncoding, TakesTheRoomItShould) {
  struct Case {
    const char* situation;
    std::vector<int64_t> values;
    size_t at_most;
  };
  for (const Case& c :
       {Case{"constant", std::vector<int64_t>(65'536, 1'000'000), 8},
        Case{"one bit each", made(65'536, [](size_t i) { return (i * 2654435761u >> 7) & 1; }), 8'300},
        Case{"every 10 µs", made(65'536, [](size_t i) { return static_cast<int64_t>(i) * 10'000; }), 600}}) {
    std::string bytes;
    append_integers(bytes, c.values);
    EXPECT_LE(bytes.size(), c.at_most) << c.situation;
  }
}

TEST(Codes, RoundTrip) {
  std::vector<uint32_t> codes;
  for (uint32_t i = 0; i < 10'000; ++i) codes.push_back(i * 2654435761u >> 20);
  codes.push_back(UINT32_MAX);
  std::string bytes;
  append_codes(bytes, codes);
  ByteReader reader(bytes);
  std::vector<uint32_t> back(codes.size());
  ASSERT_TRUE(consume_codes(reader, back));
  EXPECT_EQ(back, codes);
}

TEST(Compressed, RoundTripsAndKeepsToItsLimit) {
  for (const std::string& text : {std::string(), std::string("short"), std::string(100'000, 'x')}) {
    std::string bytes, back;
    append_compressed(bytes, text);
    ByteReader reader(bytes);
    ASSERT_TRUE(consume_compressed(reader, text.size(), back));
    EXPECT_EQ(back, text);
    if (text.empty()) continue;
    ByteReader again(bytes);
    EXPECT_FALSE(consume_compressed(again, text.size() - 1, back));
  }
}

}  // namespace
}  // namespace clew::store
