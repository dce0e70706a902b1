#include "telemetry/protobuf_writer.h"

#include <gtest/gtest.h>
#include <protozero/pbf_reader.hpp>

namespace clew {
namespace {

using namespace std::string_literals;

template <typename Write>
std::string written(Write write) {
  std::string out;
  ProtobufWriter writer(out);
  write(writer);
  return out;
}

TEST(ProtobufWriter, WritesTheBytesOfTheSpecification) {
  const struct {
    const char* situation;
    std::string got, want;
  } cases[] = {
      {"small varint", written([](auto& w) { w.varint(1, 5); }), "\x08\x05"s},
      {"varint of two bytes", written([](auto& w) { w.varint(1, 150); }), "\x08\x96\x01"s},
      {"largest varint", written([](auto& w) { w.varint(1, UINT64_MAX); }),
       "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s},
      {"field above 15 takes two tag bytes", written([](auto& w) { w.varint(16, 1); }), "\x80\x01\x01"s},
      {"negative int32 is sign-extended", written([](auto& w) { w.int32(1, -1); }),
       "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s},
      {"zigzag", written([](auto& w) { w.sint32(1, -2); }), "\x08\x03"s},
      {"zigzag extreme", written([](auto& w) { w.sint32(1, INT32_MIN); }), "\x08\xff\xff\xff\xff\x0f"s},
      {"boolean", written([](auto& w) { w.boolean(2, true); }), "\x10\x01"s},
      {"fixed32", written([](auto& w) { w.fixed32(1, 0x01020304); }), "\x0d\x04\x03\x02\x01"s},
      {"fixed64", written([](auto& w) { w.fixed64(1, 1); }), "\x09\x01\0\0\0\0\0\0\0"s},
      {"double", written([](auto& w) { w.floating(1, 1.0); }), "\x09\0\0\0\0\0\0\xf0\x3f"s},
      {"bytes", written([](auto& w) { w.bytes(2, "hi"); }), "\x12\x02hi"s},
      {"no bytes", written([](auto& w) { w.bytes(2, ""); }), "\x12\0"s},
  };
  for (const auto& c : cases) EXPECT_EQ(c.got, c.want) << c.situation;
}

TEST(ProtobufWriter, NestedMessagesOfEverySizeHaveTheirLength) {
  for (const size_t size :
       {size_t{0}, size_t{1}, size_t{124}, size_t{125}, size_t{126}, size_t{300}, size_t{20'000}}) {
    const std::string text(size, 'x');
    const std::string bytes = written([&](ProtobufWriter& w) {
      const auto outer = w.begin_message(1);
      const auto inner = w.begin_message(2);
      w.bytes(3, text);
      w.end_message(inner);
      w.varint(4, 7);
      w.end_message(outer);
      w.varint(5, 9);
    });
    protozero::pbf_reader top(bytes);
    ASSERT_TRUE(top.next(1)) << size;
    protozero::pbf_reader outer = top.get_message();
    ASSERT_TRUE(outer.next(2)) << size;
    protozero::pbf_reader inner = outer.get_message();
    ASSERT_TRUE(inner.next(3)) << size;
    EXPECT_EQ(inner.get_string(), text);
    ASSERT_TRUE(outer.next(4)) << size;
    EXPECT_EQ(outer.get_uint64(), 7u);
    ASSERT_TRUE(top.next(5)) << size;
    EXPECT_EQ(top.get_uint64(), 9u);
    EXPECT_FALSE(top.next());
  }
}

}  // namespace
}  // namespace clew
