// The bytes of a segment of the write-ahead log (docs/format/wal.md shows them with an example).
//
//   segment: header, the same header again, records
//
//   header, 56 bytes                          record, at a multiple of 8: header (56), payload, zeros
//    0  magic "CLEWWAL\n"                      0  u32 magic "WREC"
//    8  u32 format version                     4  u32 payload bytes
//   12  u32 zero                               8  u64 sequence number
//   16  u64 segment number                    16  i64 arrival, nanoseconds since 1970
//   24  u64 end of the segment before         24  u32 environment
//   32  u64 durable end of it                 28  u8 signal, 3 zeros
//   40  u64 salt                              32  u64 offset of the group's first record
//   48  u64 checksum of 0..48                 40  u64 checksum of the payload
//                                             48  u64 checksum of 0..48
//
// All numbers are little endian, all checksums XXH3 (64 bits). The checksum of a record's header is seeded
// with salt + offset, so that bytes count as a record only where they were written: neither old blocks of the
// disk nor a payload that contains a whole record can be taken for one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/shared_bytes.h"
#include "base/time.h"
#include "telemetry/batch.h"

namespace clew::store {

// A batch as it arrived.
struct WalRecord {
  Signal signal = Signal::traces;
  EnvironmentId environment = kDefaultEnvironment;
  UnixNanos arrival;
  SharedBytes otlp;
};

constexpr uint32_t kWalFormatVersion = 1;
constexpr uint64_t kWalSegmentHeaderBytes = 56;
constexpr uint64_t kWalFirstRecord = 2 * kWalSegmentHeaderBytes;
constexpr uint64_t kWalRecordHeaderBytes = 56;
constexpr uint64_t kWalAlignment = 8;
// What fits the field; the limits on requests are far below.
constexpr uint64_t kMaxWalPayloadBytes = UINT32_MAX;

constexpr uint64_t wal_record_bytes(uint64_t payload_bytes) {
  return (kWalRecordHeaderBytes + payload_bytes + kWalAlignment - 1) / kWalAlignment * kWalAlignment;
}

struct WalSegmentHeader {
  uint32_t version = kWalFormatVersion;
  uint64_t segment = 0;
  // Up to where the segment before this one is valid; what follows there was never acknowledged.
  uint64_t previous_bytes = 0;
  // Up to where that segment is known to have been durable, so that what is missing there is damage. Less
  // than previous_bytes only when the program was not closed: the last group may have been acknowledged or
  // not.
  uint64_t previous_durable_bytes = 0;
  uint64_t salt = 0;
  bool operator==(const WalSegmentHeader&) const = default;
};

// Both copies.
std::string encode_segment_header(const WalSegmentHeader& header);
// From whichever copy is intact; nothing when neither is. Of another version only `version` may be relied
// upon.
std::optional<WalSegmentHeader> decode_segment_header(std::string_view segment);

struct WalRecordHeader {
  uint32_t payload_bytes = 0;
  uint64_t sequence = 0;
  UnixNanos arrival;
  EnvironmentId environment;
  Signal signal = Signal::traces;
  // Where the group this record was written with begins. Everything before was durable by then.
  uint64_t group_offset = 0;
  uint64_t payload_checksum = 0;
};

// Computed where the payload is warm.
uint64_t wal_payload_checksum(std::string_view payload);

std::array<char, kWalRecordHeaderBytes> encode_record_header(const WalRecordHeader& header, uint64_t salt,
                                                             uint64_t offset);
// The record at `offset`, if a whole and undamaged one lies there.
std::optional<WalRecordHeader> decode_record(std::string_view segment, uint64_t offset, uint64_t salt);
// Cheap: whether the first bytes at `offset` look like a record.
bool has_record_magic(std::string_view segment, uint64_t offset);

}  // namespace clew::store
