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

// All widths, and ends at every place within a group of eight and a word of 64.
TEST(IntegerEncoding, CodesOfEveryWidthAreReadAndFound) {
  std::mt19937_64 random(11);
  for (unsigned width = 1; width <= 32; ++width) {
    for (const size_t count : {1u, 7u, 8u, 9u, 63u, 64u, 65u, 127u, 200u, 1000u, 5003u}) {
      const auto least = static_cast<uint32_t>(width < 32 ? random() % 1000 : 0);
      std::vector<uint32_t> codes(count);
      for (uint32_t& code : codes)
        code = least + static_cast<uint32_t>(random() & ((uint64_t{1} << width) - 1));
      std::string bytes;
      append_codes(bytes, codes);
      {
        ByteReader reader(bytes);
        std::vector<uint32_t> back(count);
        ASSERT_TRUE(consume_codes(reader, back));
        ASSERT_EQ(back, codes) << width << " bits, " << count;
      }
      std::vector<uint32_t> positions, expected;
      for (uint32_t i = 0; i < count; i += 1 + static_cast<uint32_t>(random() % 9)) {
        positions.push_back(i);
        expected.push_back(codes[i]);
      }
      {
        ByteReader reader(bytes);
        std::vector<uint32_t> some(positions.size());
        ASSERT_TRUE(consume_codes_at(reader, count, positions, some));
        ASSERT_EQ(some, expected) << width << " bits, " << count;
      }
      const uint32_t wanted = codes[random() % count];
      ByteReader reader(bytes);
      std::vector<uint64_t> found((count + 63) / 64);
      ASSERT_TRUE(find_code(reader, count, wanted, found));
      for (size_t i = 0; i < count; ++i)
        ASSERT_EQ((found[i / 64] >> (i % 64) & 1) != 0, codes[i] == wanted) << width << " bits, " << i;
    }
  }
}

// Ascending codes are kept as differences.
TEST(IntegerEncoding, DifferencesAreSummedUpToWhatIsWanted) {
  std::mt19937_64 random(12);
  for (const uint64_t step : {2u, 90u, 400u, 100'000u}) {
    std::vector<int64_t> values(20'000);
    int64_t value = 5;
    for (int64_t& one : values)
      one = value += static_cast<int64_t>(random() % step) - static_cast<int64_t>(step / 8);
    std::string bytes;
    append_integers(bytes, values);
    std::vector<uint32_t> positions;
    std::vector<int64_t> expected;
    for (uint32_t i = 0; i < values.size(); i += 1 + static_cast<uint32_t>(random() % 1500)) {
      positions.push_back(i);
      expected.push_back(values[i]);
    }
    ByteReader reader(bytes);
    std::vector<int64_t> some(positions.size());
    ASSERT_TRUE(consume_integers_at(reader, values.size(), positions, some));
    EXPECT_EQ(some, expected) << step;
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
