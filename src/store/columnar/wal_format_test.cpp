#include "store/columnar/wal_format.h"

#include <gtest/gtest.h>

#include "store/columnar/format_page.h"
#include "store/columnar/wal_replay.h"

namespace clew::store {
namespace {

const WalSegmentHeader kHeader{
    .segment = 2, .previous_bytes = 2640, .previous_durable_bytes = 2640, .salt = 0x0123456789abcdef};
constexpr std::string_view kPayload("\x0a\x02\x12\x00", 4);

std::string example_segment() {
  std::string segment = encode_segment_header(kHeader);
  const uint64_t offset = segment.size();
  const auto record = encode_record_header({.payload_bytes = 4,
                                            .sequence = 77,
                                            .arrival = {1767225600000000001},
                                            .environment = {1},
                                            .signal = Signal::traces,
                                            .group_offset = offset,
                                            .payload_checksum = wal_payload_checksum(kPayload)},
                                           kHeader.salt, offset);
  segment.append(record.data(), record.size()).append(kPayload);
  segment.resize(offset + wal_record_bytes(kPayload.size()));
  return segment;
}

std::string to_hex_lines(std::string_view bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    char pair[4];
    std::snprintf(pair, sizeof pair, "%02x ", static_cast<unsigned char>(bytes[i]));
    text += pair;
    if (i % 8 == 7) text += "\n";
  }
  return text;
}

TEST(WalFormat, TheExampleOnThePageIsWhatIsWritten) {
  const std::string page = bytes_of_hex(example_on_page("docs/format/wal.md", "hex"));
  EXPECT_EQ(to_hex_lines(page), to_hex_lines(example_segment()));
}

TEST(WalFormat, TheExampleOnThePageIsRead) {
  const std::string page = bytes_of_hex(example_on_page("docs/format/wal.md", "hex"));
  ASSERT_EQ(decode_segment_header(page), kHeader);
  const WalScan scan = scan_wal_segment(page, kHeader.salt, std::nullopt);
  ASSERT_EQ(scan.records.size(), 1u);
  EXPECT_EQ(scan.records[0].header.sequence, 77u);
  EXPECT_EQ(scan.records[0].header.arrival.count, 1767225600000000001);
  EXPECT_EQ(page.substr(scan.records[0].offset + kWalRecordHeaderBytes, 4), kPayload);
}

TEST(WalFormat, TheSecondCopyOfTheHeaderIsUsedWhenTheFirstIsDamaged) {
  std::string segment = example_segment();
  segment[20] = 'x';
  EXPECT_EQ(decode_segment_header(segment), kHeader);
  segment[60] = 'x';
  EXPECT_EQ(decode_segment_header(segment), std::nullopt);
}

TEST(WalFormat, ARecordCountsOnlyWhereItWasWritten) {
  const std::string segment = example_segment();
  EXPECT_TRUE(decode_record(segment, kWalFirstRecord, kHeader.salt));
  EXPECT_FALSE(decode_record(segment, kWalFirstRecord, kHeader.salt + 1));
  EXPECT_FALSE(decode_record(std::string(8, '\0') + segment, kWalFirstRecord + 8, kHeader.salt));
}

TEST(WalFormat, ARecordThatEndsTooEarlyIsNone) {
  const std::string segment = example_segment();
  const uint64_t end_of_payload = kWalFirstRecord + kWalRecordHeaderBytes + kPayload.size();
  for (uint64_t size = 0; size <= segment.size(); ++size) {
    const auto record =
        decode_record(std::string_view(segment).substr(0, size), kWalFirstRecord, kHeader.salt);
    EXPECT_EQ(record.has_value(), size >= end_of_payload) << size;
  }
}

TEST(WalFormat, RecordsBeginAtMultiplesOfEight) {
  EXPECT_EQ(wal_record_bytes(0), 56u);
  EXPECT_EQ(wal_record_bytes(1), 64u);
  EXPECT_EQ(wal_record_bytes(8), 64u);
  EXPECT_EQ(wal_record_bytes(kMaxWalPayloadBytes), 4294967352u);
}

}  // namespace
}  // namespace clew::store
