// Reading the write-ahead log back.
//
// What a segment holds is told apart like this:
//   - A record whose checksum is right is delivered.
//   - Bytes in between that were durable once (a later group, or the next segment, says so) are damaged: they
//   are copied
//     to <segment>.<offset>.damaged, counted, and reading goes on at the next record.
//   - Other bytes are what a write in progress left behind when the power went. Nobody was told that they are
//   safe;
//     they are passed over.
//   - What lies behind the end that the next segment's header names was reported as failed: it is not read at
//   all.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "store/columnar/wal_format.h"

namespace clew::store {

struct WalReplaySummary {
  uint64_t segments = 0;
  uint64_t records = 0;
  uint64_t payload_bytes = 0;
  uint64_t torn_bytes = 0;       // passed over: never acknowledged
  uint64_t damaged_regions = 0;  // set aside: acknowledged once
  uint64_t damaged_bytes = 0;
  uint64_t last_sequence = 0;
  // The highest segment there is, and up to where it is valid; 0 when there is none.
  uint64_t last_segment = 0;
  uint64_t last_segment_bytes = 0;
};

// What the bytes of one segment hold.
struct WalScan {
  struct Record {
    WalRecordHeader header;
    uint64_t offset = 0;
  };
  struct Region {
    uint64_t offset = 0;
    uint64_t size = 0;
    bool operator==(const Region&) const = default;
  };
  std::vector<Record> records;
  std::vector<Region> damaged;
  std::vector<Region> torn;
  uint64_t valid_bytes = 0;  // up to the end of the last record (or header)
};
// `known_durable`: up to where the next segment says this one is valid; nothing is read behind it. Nothing:
// unknown.
WalScan scan_wal_segment(std::string_view segment, const WalSegmentHeader& header,
                         std::optional<uint64_t> known_durable);

// Numbers of the segments in the directory, ascending.
Result<std::vector<uint64_t>> list_wal_segments(FileSystem& system, const std::string& directory);

// Delivers the records of all segments from `from_segment` on, in order. The bytes of a record share the
// memory of its whole segment: decode them, do not keep them. Fails when a segment cannot be read
// (`unavailable`, `forbidden`) or was written by a newer version (`unsupported`); never because of what is in
// it.
Result<WalReplaySummary> replay_wal(FileSystem& system, const std::string& directory, uint64_t from_segment,
                                    const std::function<void(const WalRecord&)>& on_record);

}  // namespace clew::store
