#include "store/columnar/plain_attribute.h"

#include <vector>

#include <gtest/gtest.h>

#include "store/columnar/origin.h"
#include "telemetry/protobuf_writer.h"

namespace clew::store {
namespace {

std::string with_text(std::string_view key, std::string_view text) {
  std::string bytes;
  ProtobufWriter writer(bytes);
  writer.bytes(otlp::key_value::key, key);
  const auto value = writer.begin_message(otlp::key_value::value);
  writer.bytes(otlp::any_value::string, text);
  writer.end_message(value);
  return bytes;
}

std::string with_number(std::string_view key, int64_t number) {
  std::string bytes;
  ProtobufWriter writer(bytes);
  writer.bytes(otlp::key_value::key, key);
  const auto value = writer.begin_message(otlp::key_value::value);
  writer.varint(otlp::any_value::integer, static_cast<uint64_t>(number));
  writer.end_message(value);
  return bytes;
}

class Seen : public ValueVisitor {
 public:
  std::string all;
  void string(std::string_view name, ColumnType, std::string_view value) override {
    all += std::string(name) + "=" + std::string(value) + ";";
  }
  void integer(std::string_view name, int64_t value) override {
    all += std::string(name) + "=" + std::to_string(value) + ";";
  }
  void floating(std::string_view, double) override {}
  void boolean(std::string_view, bool) override {}
};

std::string visited(std::string_view bytes) {
  Seen seen;
  visit_key_value(bytes, seen);
  return seen.all;
}

TEST(PlainAttribute, TextsAndNumbersOfTheUsualSizesArePlain) {
  PlainAttribute attribute;
  const std::string text = with_text("k", "value"), number = with_number("key", 200);
  ASSERT_TRUE(read_plain_attribute(text, attribute));
  EXPECT_EQ(attribute.key, "k");
  EXPECT_EQ(attribute.text, "value");
  ASSERT_TRUE(read_plain_attribute(number, attribute));
  EXPECT_EQ(attribute.key, "key");
  EXPECT_FALSE(attribute.text);
  EXPECT_EQ(attribute.number, 200);
  EXPECT_FALSE(read_plain_attribute(with_number("key", -1), attribute));
  EXPECT_FALSE(read_plain_attribute(with_text(std::string(128, 'k'), "v"), attribute));
  EXPECT_FALSE(read_plain_attribute(with_text("k", std::string(128, 'v')), attribute));
  EXPECT_FALSE(read_plain_attribute(with_text("", "v"), attribute));
}

TEST(PlainAttribute, WhatIsPlainAndWhatIsNotAreVisitedAlike) {
  for (const size_t key : {size_t{1}, size_t{2}, size_t{126}, size_t{127}, size_t{128}, size_t{300}}) {
    const std::string name(key, 'n');
    for (const size_t size : {size_t{0}, size_t{1}, size_t{120}, size_t{125}, size_t{126}, size_t{127},
                              size_t{128}, size_t{20000}})
      EXPECT_EQ(visited(with_text(name, std::string(size, 'v'))), name + "=" + std::string(size, 'v') + ";");
    for (const int64_t number : {int64_t{0}, int64_t{1}, int64_t{127}, int64_t{128}, int64_t{1} << 55,
                                 (int64_t{1} << 56) - 1, int64_t{1} << 56, INT64_MAX, int64_t{-1}, INT64_MIN})
      EXPECT_EQ(visited(with_number(name, number)), name + "=" + std::to_string(number) + ";");
  }
}

// The same fields in another order, twice, or with others beside them.
TEST(PlainAttribute, UnusualBytesAreLeftToTheReaderOfFields) {
  const std::string key = with_text("k", "v").substr(0, 3), value = with_text("k", "v").substr(3);
  EXPECT_EQ(visited(value + key), "k=v;");
  EXPECT_EQ(visited(with_text("k", "v") + value), "k=v;");
  EXPECT_EQ(visited(with_text("k", "v") + std::string("\x18\x01", 2)), "k=v;");
}

TEST(PlainAttribute, EveryCutIsNoneOrNotPlain) {
  for (const std::string& whole : {with_text("key", "value"), with_number("key", 70'000)}) {
    for (size_t size = 0; size < whole.size(); ++size) {
      // On the heap, so that a sanitizer sees a step beyond the end.
      const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
      PlainAttribute attribute;
      EXPECT_FALSE(read_plain_attribute({cut.data(), cut.size()}, attribute)) << size;
    }
  }
}

}  // namespace
}  // namespace clew::store
