#include "store/columnar/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/simulated_file_system.h"
#include "store/columnar/format_page.h"

namespace clew::store {
namespace {

using testing::HasSubstr;

Manifest example() {
  return {.next_part = 8,
          .first_wal_segment = 42,
          .parts = {{.number = 3,
                     .environment = {1},
                     .signal = Signal::traces,
                     .day = 20454,
                     .level = 2,
                     .rows = 1'000'000,
                     .bytes = 12'345'678,
                     .first = {1767225600000000000},
                     .last = {1767311999999999999}},
                    {.number = 7,
                     .environment = {4'000'000'000},
                     .signal = Signal::metrics,
                     .day = -1,
                     .first = {INT64_MIN},
                     .last = {INT64_MAX}}}};
}

TEST(Manifest, ComesBackAsItWas) {
  EXPECT_EQ(decode_manifest(encode_manifest(example())).value(), example());
  EXPECT_EQ(decode_manifest(encode_manifest({})).value(), Manifest{});
}

TEST(Manifest, TheExampleOnThePageIsWhatIsWritten) {
  Manifest manifest = example();
  manifest.parts.resize(1);
  EXPECT_EQ(example_on_page("docs/format/manifest.md", "manifest"), encode_manifest(manifest));
}

TEST(Manifest, SurvivesAnyFlippedBit) {
  const std::string text = encode_manifest(example());
  for (size_t at = 0; at < text.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = text;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      const Result<Manifest> manifest = decode_manifest(flipped);
      ASSERT_TRUE(manifest.ok()) << at << ": " << manifest.status().to_string();
      ASSERT_EQ(*manifest, example());
    }
  }
}

TEST(Manifest, IsCorruptWhenBothCopiesAreDamaged) {
  std::string text = encode_manifest(example());
  text[40] ^= 1;
  text[text.size() / 2 + 40] ^= 1;
  const Status refused = decode_manifest(text).status();
  EXPECT_EQ(refused.to_string(), "corrupt: the manifest is damaged: its checksum is wrong");
}

TEST(Manifest, IsCorruptAtEveryOtherLength) {
  const std::string text = encode_manifest(example());
  for (size_t size = 0; size < text.size(); ++size) {
    const Result<Manifest> manifest = decode_manifest(std::string_view(text).substr(0, size));
    ASSERT_FALSE(manifest.ok()) << size;
    ASSERT_EQ(manifest.status().kind(), ErrorKind::corrupt);
  }
}

TEST(Manifest, OfANewerVersionIsRefused) {
  const Status refused = decode_manifest("clew-manifest format=2\nwhatever that will be\n").status();
  EXPECT_EQ(refused.kind(), ErrorKind::unsupported);
  EXPECT_THAT(refused.message(),
              HasSubstr("manifest format 2, this one knows up to 1); start the newer version"));
}

class ManifestFileTest : public testing::Test {
 protected:
  ManifestFileTest() {
    EXPECT_TRUE(disk_.make_directory("/data").ok());
    EXPECT_TRUE(disk_.sync_directory("/").ok());
  }
  SimulatedFileSystem disk_;
};

TEST_F(ManifestFileTest, WhatWasCommittedIsLoaded) {
  ASSERT_TRUE(commit_manifest(disk_, "/data", example()).ok());
  EXPECT_EQ(load_manifest(disk_, "/data").value(), example());
}

TEST_F(ManifestFileTest, AMissingManifestIsNotTakenForAnEmptyOne) {
  const Status refused = load_manifest(disk_, "/data").status();
  EXPECT_EQ(refused.to_string(),
            "corrupt: the manifest is missing; restore the data directory from a backup: /data/MANIFEST");
}

TEST_F(ManifestFileTest, AFullDiskLeavesTheOldOne) {
  ASSERT_TRUE(commit_manifest(disk_, "/data", {}).ok());
  disk_.limit_bytes(200);
  EXPECT_EQ(commit_manifest(disk_, "/data", example()).kind(), ErrorKind::exhausted);
  EXPECT_EQ(load_manifest(disk_, "/data").value(), Manifest{});
  EXPECT_EQ(disk_.list("/data").value().size(), 1u);
}

TEST_F(ManifestFileTest, PowerLossAtAnyMomentLeavesTheOldOrTheNewOne) {
  uint64_t points = 0;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    for (uint64_t call = 1;; ++call) {
      SimulatedFileSystem disk({.seed = seed});
      ASSERT_TRUE(disk.make_directory("/data").ok() && disk.sync_directory("/").ok());
      ASSERT_TRUE(commit_manifest(disk, "/data", {}).ok());
      disk.lose_power_at(disk.calls() + call);
      const bool committed = commit_manifest(disk, "/data", example()).ok();
      if (disk.has_power()) {
        ASSERT_TRUE(committed);
        disk.lose_power();
      }
      disk.restart(PowerLoss::tear);
      const Result<Manifest> found = load_manifest(disk, "/data");
      ASSERT_TRUE(found.ok()) << found.status().to_string();
      ASSERT_TRUE(*found == example() || (!committed && *found == Manifest{}));
      ++points;
      if (committed) break;
    }
  }
  RecordProperty("points", static_cast<int>(points));
}

}  // namespace
}  // namespace clew::store
