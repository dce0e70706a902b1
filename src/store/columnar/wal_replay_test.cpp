#include "store/columnar/wal_replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/counters.h"
#include "store/columnar/wal_testing.h"

namespace clew::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using WalReplay = WalTest;

TEST_F(WalReplay, CutsATornTail) {
  open();
  append("one");
  append("two");
  wal_.reset();
  cut(1, 9);
  EXPECT_THAT(open(), ElementsAre("one"));
  EXPECT_GT(wal_->replayed().torn_bytes, 0u);
  EXPECT_EQ(wal_->replayed().damaged_regions, 0u);
  append("three");
  EXPECT_THAT(open(), ElementsAre("one", "three"));
  EXPECT_EQ(wal_->replayed().damaged_regions, 0u);
}

TEST_F(WalReplay, SetsADamagedRecordAsideAndGoesOn) {
  open();
  append("one");
  const uint64_t damaged_at = content(1).size();
  append("two, which will be damaged");
  const uint64_t damaged_end = content(1).size();
  append("three");
  wal_.reset();
  const std::string original = content(1);
  const uint64_t before = value_of(Counter::wal_records_damaged);
  ASSERT_TRUE(disk_.flip_bit(path_of(1), damaged_at + kWalRecordHeaderBytes + 2, 3).ok());
  const std::string damaged = content(1);

  EXPECT_THAT(open(), ElementsAre("one", "three"));
  EXPECT_EQ(wal_->replayed().damaged_regions, 1u);
  EXPECT_EQ(value_of(Counter::wal_records_damaged) - before, 1u);
  const std::string copy = path_of(1) + "." + std::to_string(damaged_at) + ".damaged";
  EXPECT_EQ(disk_.read_file(copy, 1000).value(), damaged.substr(damaged_at, damaged_end - damaged_at));
}

TEST_F(WalReplay, KnowsDamageAtTheEndOfAnOlderSegmentFromATornTail) {
  open();
  append("one");
  append("two");
  ASSERT_TRUE(wal_->roll().ok());
  wal_.reset();
  cut(1, 8);
  EXPECT_THAT(open(), ElementsAre("one"));
  EXPECT_EQ(wal_->replayed().damaged_regions, 1u);
}

TEST_F(WalReplay, EveryFlippedBitCostsAtMostOneRecord) {
  open();
  append("one");
  append("two");
  append("three");
  ASSERT_TRUE(wal_->roll().ok());
  wal_.reset();
  const std::string segment = content(1);
  const auto header = decode_segment_header(segment);
  ASSERT_TRUE(header);
  const WalSegmentEnd end{segment.size(), segment.size()};
  for (size_t at = 0; at < segment.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = segment;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      ASSERT_EQ(decode_segment_header(flipped), header) << at;
      const WalScan scan = scan_wal_segment(flipped, header->salt, end);
      const bool is_padding = scan.records.size() == 3;
      ASSERT_GE(scan.records.size(), 2u) << at;
      ASSERT_EQ(scan.damaged.size(), is_padding ? 0u : 1u) << at;
      ASSERT_THAT(scan.torn, IsEmpty());
    }
  }
}

TEST_F(WalReplay, ARecordInsideAPayloadIsNotARecord) {
  open();
  append("inner");
  wal_.reset();
  const std::string inner = content(1).substr(kWalFirstRecord);
  ASSERT_TRUE(disk_.remove(path_of(1)).ok());
  open();
  append("first");
  const uint64_t outer_at = content(1).size();
  append("12345678" + inner + inner);
  append("last");
  wal_.reset();
  ASSERT_TRUE(disk_.flip_bit(path_of(1), outer_at + kWalRecordHeaderBytes, 0).ok());
  EXPECT_THAT(open(), ElementsAre("first", "last"));
}

TEST_F(WalReplay, AMissingSegmentIsNotedAndTheOthersAreRead) {
  open();
  append("one");
  ASSERT_TRUE(wal_->roll().ok());
  append("two");
  ASSERT_TRUE(wal_->roll().ok());
  append("three");
  wal_.reset();
  ASSERT_TRUE(disk_.remove(path_of(2)).ok());
  EXPECT_THAT(open(), ElementsAre("one", "three"));
  EXPECT_EQ(wal_->replayed().damaged_regions, 1u);
}

TEST_F(WalReplay, ASegmentWhoseHeaderIsGoneIsSetAsideAsAWhole) {
  open();
  append("one");
  ASSERT_TRUE(wal_->roll().ok());
  append("two");
  wal_.reset();
  std::string bytes = content(1);
  bytes.replace(0, kWalFirstRecord, kWalFirstRecord, '\0');
  ASSERT_TRUE(disk_.overwrite(path_of(1), bytes).ok());
  EXPECT_THAT(open(), ElementsAre("two"));
  EXPECT_EQ(disk_.read_file(path_of(1) + ".0.damaged", 1000).value(), bytes);
}

// A log that is written in whole blocks ends like this when power goes.
TEST_F(WalReplay, ZerosBehindTheLastRecordMeanNothing) {
  open();
  append("one");
  wal_.reset();
  ASSERT_TRUE(disk_.overwrite(path_of(1), content(1) + std::string(3000, '\0')).ok());
  EXPECT_THAT(open(), ElementsAre("one"));
  EXPECT_EQ(wal_->replayed().torn_bytes, 0u);
  EXPECT_EQ(wal_->replayed().damaged_regions, 0u);
  append("two");
  wal_.reset();
  EXPECT_THAT(open(), ElementsAre("one", "two"));
}

TEST_F(WalReplay, ASegmentOfZerosWasNeverBegun) {
  ASSERT_TRUE(disk_.open(path_of(1), OpenMode::create).value()->append(std::string(4096, '\0')).ok());
  EXPECT_THAT(open(), ElementsAre());
  EXPECT_EQ(wal_->replayed().damaged_regions, 0u);
}

TEST_F(WalReplay, RefusesASegmentOfANewerVersion) {
  open();
  wal_.reset();
  ASSERT_TRUE(disk_.overwrite(path_of(1), encode_segment_header({.version = 2, .segment = 1})).ok());
  const Status refused = Wal::open(disk_, options_, [](const WalRecord&) {}).status();
  EXPECT_EQ(refused.kind(), ErrorKind::unsupported);
  EXPECT_EQ(refused.message(),
            "the write-ahead log was written by a newer clew (log format 2, this one knows up to 1); start "
            "the newer "
            "version, or choose another data directory: /wal/000000000001.wal");
}

}  // namespace
}  // namespace clew::store
