#include "app/byte_size.h"

#include <optional>

#include <gtest/gtest.h>

namespace clew::app {
namespace {

TEST(ByteSize, Parses) {
  struct Case {
    const char* text;
    std::optional<uint64_t> bytes;
  };
  for (const Case& c :
       {Case{"0", 0}, Case{"4096", 4096}, Case{"1kB", 1000}, Case{"1KiB", 1024}, Case{"50GB", 50'000'000'000},
        Case{"1.5 TB", 1'500'000'000'000}, Case{"64MiB", 64 << 20}, Case{"64mib", 64 << 20},
        Case{"2g", 2'000'000'000}, Case{"7 B", 7}, Case{"", std::nullopt}, Case{"GB", std::nullopt},
        Case{"-1", std::nullopt}, Case{"1 furlong", std::nullopt}, Case{"nan", std::nullopt},
        Case{"inf", std::nullopt}, Case{"1e30", std::nullopt}, Case{"99999PB", std::nullopt}}) {
    const Result<uint64_t> parsed = parse_byte_size(c.text);
    ASSERT_EQ(parsed.ok(), c.bytes.has_value()) << c.text;
    if (c.bytes) {
      EXPECT_EQ(*parsed, *c.bytes) << c.text;
    }
  }
}

TEST(ByteSize, IsPrintedForPeople) {
  EXPECT_EQ(byte_size_for_people(0), "0 bytes");
  EXPECT_EQ(byte_size_for_people(999), "999 bytes");
  EXPECT_EQ(byte_size_for_people(1000), "1 kB");
  EXPECT_EQ(byte_size_for_people(1'234'000'000), "1.23 GB");
  EXPECT_EQ(byte_size_for_people(50'000'000'000), "50 GB");
  EXPECT_EQ(byte_size_for_people(999'999), "1 MB");
}

}  // namespace
}  // namespace clew::app
