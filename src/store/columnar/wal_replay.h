// Reading the write-ahead log back.
//
// What a segment holds is told apart like this:
//   - A record whose checksums are right is delivered.
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
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "store/columnar/wal_format.h"

namespace clew::store {

// Where a segment ends, as far as the next one knows.
struct WalSegmentEnd {
  uint64_t bytes = 0;
  uint64_t durable_bytes = 0;
  bool operator==(const WalSegmentEnd&) const = default;
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
  WalSegmentEnd end;
};
// `end`: what the next segment says, if there is one.
WalScan scan_wal_segment(std::string_view segment, uint64_t salt, std::optional<WalSegmentEnd> end);

struct WalReplaySummary {
  uint64_t segments = 0;
  uint64_t records = 0;
  uint64_t payload_bytes = 0;
  uint64_t torn_bytes = 0;       // passed over: never acknowledged
  uint64_t damaged_regions = 0;  // set aside: acknowledged once
  uint64_t damaged_bytes = 0;
  uint64_t last_sequence = 0;
  uint64_t last_segment = 0;  // the highest there is; 0 when there is none
  WalSegmentEnd last_segment_end;
};

struct WalReplayOptions {
  std::string directory;
  uint64_t from_segment = 1;
  // Whether damaged bytes are copied to files beside the segment (else they are only counted).
  bool keep_damaged_bytes = true;
};

// Numbers of the segments in the directory, ascending.
Result<std::vector<uint64_t>> list_wal_segments(FileSystem& system, const std::string& directory);

// Delivers the records of all segments from `from_segment` on, in order. The bytes of a record share the
// memory of its whole segment: decode them, do not keep them. Fails when a segment cannot be read
// (`unavailable`, `forbidden`) or was written by a newer version (`unsupported`); never because of damage.
Result<WalReplaySummary> replay_wal(FileSystem& system, const WalReplayOptions& options,
                                    const std::function<void(const WalRecord&)>& on_record);

}  // namespace clew::store
