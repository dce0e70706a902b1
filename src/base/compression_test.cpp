#include "base/compression.h"

#include <string>

#include <gtest/gtest.h>

namespace clew {
namespace {

std::string telemetry(size_t size) {
  std::string text;
  for (unsigned i = 0; text.size() < size; ++i)
    text += "service.name=checkout http.route=/cart/" + std::to_string(i * 2654435761u) + ";";
  text.resize(size);
  return text;
}

constexpr Compression kAll[] = {Compression::gzip, Compression::deflate, Compression::zstd};

TEST(Compression, what_was_compressed_comes_back) {
  for (auto how : kAll)
    for (size_t size : {0u, 1u, 2u, 17u, 1000u, 16384u, 16385u, 300'000u})
      for (auto effort : {Effort::fast, Effort::balanced}) {
        const std::string text = telemetry(size);
        auto back = decompress(how, compress(how, text, effort), 1 << 20);
        ASSERT_TRUE(back.ok()) << name_of(how) << " " << size << ": " << back.status().to_string();
        EXPECT_EQ(*back, text);
      }
}

TEST(Compression, the_limit_is_exact) {
  for (auto how : kAll)
    for (size_t size : {1u, 100u, 16384u, 100'000u}) {
      const std::string packed = compress(how, telemetry(size));
      EXPECT_TRUE(decompress(how, packed, size).ok()) << name_of(how) << " " << size;
      auto over = decompress(how, packed, size - 1);
      ASSERT_FALSE(over.ok()) << name_of(how) << " " << size;
      EXPECT_EQ(over.status().kind(), ErrorKind::too_large);
    }
}

TEST(Compression, a_bomb_is_stopped_at_the_limit) {
  const std::string zeros(40 << 20, '\0');
  for (auto how : kAll) {
    auto bomb = decompress(how, compress(how, zeros), 1 << 20);
    ASSERT_FALSE(bomb.ok());
    EXPECT_EQ(bomb.status().kind(), ErrorKind::too_large) << name_of(how);
  }
}

TEST(Compression, cut_short_anywhere_is_bad_input) {
  for (auto how : kAll) {
    const std::string packed = compress(how, telemetry(500));
    for (size_t keep = 0; keep < packed.size(); ++keep) {
      auto cut = decompress(how, packed.substr(0, keep), 1 << 20);
      ASSERT_FALSE(cut.ok()) << name_of(how) << " " << keep;
      EXPECT_EQ(cut.status().kind(), ErrorKind::bad_input) << name_of(how) << " " << keep;
    }
  }
}

TEST(Compression, several_members_are_one_body) {
  for (auto how : {Compression::gzip, Compression::zstd}) {
    auto both = decompress(how, compress(how, "one ") + compress(how, "two"), 100);
    ASSERT_TRUE(both.ok()) << both.status().to_string();
    EXPECT_EQ(*both, "one two");
  }
}

TEST(Compression, bytes_after_the_end_are_refused) {
  for (auto how : kAll) {
    auto extra = decompress(how, compress(how, "body") + "GET / HTTP/1.1", 100);
    ASSERT_FALSE(extra.ok()) << name_of(how);
    EXPECT_EQ(extra.status().kind(), ErrorKind::bad_input);
  }
}

TEST(Compression, a_lying_gzip_trailer_is_bad_input) {
  std::string packed = compress(Compression::gzip, telemetry(500));
  packed[packed.size() - 4] ^= 1;
  auto lie = decompress(Compression::gzip, packed, 1 << 20);
  ASSERT_FALSE(lie.ok());
  EXPECT_EQ(lie.status().kind(), ErrorKind::bad_input);
}

TEST(Compression, raw_deflate_passes_for_deflate) {
  const std::string zlib = compress(Compression::deflate, telemetry(3000));
  auto raw = decompress(Compression::deflate, std::string_view(zlib).substr(2, zlib.size() - 6), 1 << 20);
  ASSERT_TRUE(raw.ok()) << raw.status().to_string();
  EXPECT_EQ(*raw, telemetry(3000));
}

TEST(Compression, names) {
  EXPECT_EQ(compression_named("gzip"), Compression::gzip);
  EXPECT_EQ(compression_named("X-GZIP"), Compression::gzip);
  EXPECT_EQ(compression_named("Deflate"), Compression::deflate);
  EXPECT_EQ(compression_named("zstd"), Compression::zstd);
  EXPECT_EQ(compression_named("br"), std::nullopt);
  EXPECT_EQ(compression_named(""), std::nullopt);
}

}  // namespace
}  // namespace clew
