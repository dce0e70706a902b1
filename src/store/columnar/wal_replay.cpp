#include "store/columnar/wal_replay.h"

#include <algorithm>
#include <utility>

#include "base/counters.h"
#include "base/log.h"
#include "store/columnar/file_names.h"

namespace clew::store {
namespace {

bool is_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

// One pass over the segments of a directory.
class Replay {
 public:
  Replay(FileSystem& system, const WalReplayOptions& options,
         const std::function<void(const WalRecord&)>& on_record)
      : system_(system), options_(options), on_record_(on_record) {}

  Result<WalReplaySummary> run() {
    CLEW_ASSIGN(std::vector<uint64_t> numbers, list_wal_segments(system_, options_.directory));
    std::erase_if(numbers, [&](uint64_t number) { return number < options_.from_segment; });
    for (size_t i = 0; i < numbers.size(); ++i) {
      const uint64_t expected = i == 0 ? options_.from_segment : numbers[i - 1] + 1;
      if (numbers[i] != expected) note_missing(expected, numbers[i] - 1);
      std::optional<WalSegmentEnd> end;
      if (i + 1 < numbers.size() && numbers[i + 1] == numbers[i] + 1) {
        CLEW_ASSIGN(end, end_according_to(numbers[i + 1]));
      }
      CLEW_TRY(replay_segment(numbers[i], end, Place{.is_last = i + 1 == numbers.size()}));
    }
    return summary_;
  }

 private:
  struct Place {
    bool is_last = false;
  };

  std::string path_of(uint64_t number) const {
    return join_path(options_.directory, wal_segment_name(number));
  }

  // The header, if it is intact and belongs to this file.
  Result<std::optional<WalSegmentHeader>> header_of(std::string_view segment, uint64_t number) const {
    const std::optional<WalSegmentHeader> header = decode_segment_header(segment);
    if (!header) return std::optional<WalSegmentHeader>();
    if (header->version > kWalFormatVersion) {
      return Status(ErrorKind::unsupported,
                    "the write-ahead log was written by a newer clew (log format " +
                        std::to_string(header->version) + ", this one knows up to " +
                        std::to_string(kWalFormatVersion) +
                        "); start the newer version, or choose another data directory: " + path_of(number));
    }
    if (header->segment != number) return std::optional<WalSegmentHeader>();
    return header;
  }

  // What the header of segment `number` says about the segment before it; nothing if it is not readable.
  Result<std::optional<WalSegmentEnd>> end_according_to(uint64_t number) const {
    CLEW_ASSIGN(const std::unique_ptr<File> file, system_.open(path_of(number), OpenMode::read));
    std::string start(kWalFirstRecord, '\0');
    CLEW_ASSIGN(const size_t got, file->read_at(0, std::span<char>(start)));
    start.resize(got);
    CLEW_ASSIGN(const std::optional<WalSegmentHeader> header, header_of(start, number));
    if (!header) return std::optional<WalSegmentEnd>();
    return std::optional(
        WalSegmentEnd{.bytes = header->previous_bytes, .durable_bytes = header->previous_durable_bytes});
  }

  Status replay_segment(uint64_t number, const std::optional<WalSegmentEnd>& end, Place place) {
    CLEW_ASSIGN(const std::unique_ptr<File> file, system_.open(path_of(number), OpenMode::read));
    CLEW_ASSIGN(const uint64_t size, file->size());
    CLEW_ASSIGN(std::string content, file->read_at(0, size));
    const SharedBytes segment(std::move(content));
    CLEW_ASSIGN(const std::optional<WalSegmentHeader> header, header_of(segment.view(), number));
    ++summary_.segments;
    summary_.last_segment = number;
    if (!header) {
      summary_.last_segment_end = {};
      note_unreadable(number, segment.view(), end, place);
      return {};
    }
    const WalScan scan = scan_wal_segment(segment.view(), header->salt, end);
    summary_.last_segment_end = scan.end;
    deliver(scan, segment);
    for (const WalScan::Region& region : scan.damaged) set_aside(number, segment.view(), region);
    note_torn(number, scan.torn);
    return {};
  }

  void deliver(const WalScan& scan, const SharedBytes& segment) {
    for (const auto& [header, offset] : scan.records) {
      on_record_({.signal = header.signal,
                  .environment = header.environment,
                  .arrival = header.arrival,
                  .otlp = segment.slice(offset + kWalRecordHeaderBytes, header.payload_bytes)});
      ++summary_.records;
      summary_.payload_bytes += header.payload_bytes;
      summary_.last_sequence = std::max(summary_.last_sequence, header.sequence);
    }
  }

  // A segment without a readable header. Records are written only after the header is durable; so a file that
  // never got beyond it is one whose making was interrupted.
  void note_unreadable(uint64_t number, std::string_view segment, const std::optional<WalSegmentEnd>& end,
                       Place place) {
    const bool was_used = end ? end->durable_bytes > kWalFirstRecord
                              : !place.is_last || (segment.size() > kWalFirstRecord && !is_zero(segment));
    const WalScan::Region whole{.offset = 0, .size = segment.size()};
    if (was_used) {
      set_aside(number, segment, whole);
    } else {
      note_torn(number, {whole});
    }
  }

  void note_missing(uint64_t from, uint64_t to) {
    summary_.damaged_regions += to - from + 1;
    count(Counter::wal_records_damaged, to - from + 1);
    log_error("store", "the write-ahead log misses segments " + std::to_string(from) + " to " +
                           std::to_string(to) + " in " + options_.directory + "; what they held is lost");
  }

  void note_torn(uint64_t number, const std::vector<WalScan::Region>& regions) {
    uint64_t bytes = 0;
    for (const WalScan::Region& region : regions) bytes += region.size;
    if (bytes == 0) return;
    summary_.torn_bytes += bytes;
    log_info("store", "cut " + std::to_string(bytes) + " bytes of unfinished writing off " + path_of(number));
  }

  void set_aside(uint64_t number, std::string_view segment, const WalScan::Region& region) {
    ++summary_.damaged_regions;
    summary_.damaged_bytes += region.size;
    count(Counter::wal_records_damaged);
    const std::string place = std::to_string(region.size) + " bytes at offset " +
                              std::to_string(region.offset) + " of " + path_of(number) + " are damaged";
    const std::string_view bytes =
        segment.substr(std::min<uint64_t>(region.offset, segment.size()), region.size);
    if (!options_.keep_damaged_bytes || bytes.empty()) {
      log_error("store", place);
      return;
    }
    const std::string copy =
        path_of(number) + "." + std::to_string(region.offset) + std::string(kDamagedSuffix);
    const Status kept = keep(copy, bytes);
    log_error("store",
              place + (kept.ok() ? "; kept as " + copy : "; they could not be kept: " + kept.to_string()));
  }

  Status keep(const std::string& path, std::string_view bytes) {
    CLEW_ASSIGN(const std::unique_ptr<File> file, system_.open(path, OpenMode::replace));
    return file->append(bytes);
  }

  FileSystem& system_;
  const WalReplayOptions& options_;
  const std::function<void(const WalRecord&)>& on_record_;
  WalReplaySummary summary_;
};

}  // namespace

WalScan scan_wal_segment(std::string_view segment, uint64_t salt, std::optional<WalSegmentEnd> end) {
  const std::string_view readable = end ? segment.substr(0, end->bytes) : segment;
  WalScan scan;
  scan.end.bytes = std::min<uint64_t>(kWalFirstRecord, readable.size());
  std::vector<WalScan::Region> unreadable;
  uint64_t proven = end ? end->durable_bytes : 0;
  uint64_t at = kWalFirstRecord;
  const auto note_gap = [&](uint64_t to) {
    if (to > scan.end.bytes) unreadable.push_back({.offset = scan.end.bytes, .size = to - scan.end.bytes});
  };
  while (at < readable.size()) {
    const std::optional<WalRecordHeader> header = decode_record(readable, at, salt);
    if (!header) {
      at += kWalAlignment;
      continue;
    }
    note_gap(at);
    scan.records.push_back({.header = *header, .offset = at});
    proven = std::max(proven, header->group_offset);
    at += wal_record_bytes(header->payload_bytes);
    scan.end.bytes = std::min<uint64_t>(at, readable.size());
  }
  // Zeros that make the last block full were never anything else. Bytes that were durable and are not there
  // any more count too.
  const bool is_filled_up = scan.end.bytes >= proven && is_zero(readable.substr(scan.end.bytes));
  if (!is_filled_up) note_gap(std::max<uint64_t>(readable.size(), proven));
  for (const WalScan::Region& region : unreadable) {
    (region.offset < proven ? scan.damaged : scan.torn).push_back(region);
  }
  scan.end.durable_bytes = std::min(proven, scan.end.bytes);
  return scan;
}

Result<std::vector<uint64_t>> list_wal_segments(FileSystem& system, const std::string& directory) {
  CLEW_ASSIGN(const std::vector<DirectoryEntry> entries, system.list(directory));
  std::vector<uint64_t> numbers;
  for (const DirectoryEntry& entry : entries) {
    const std::optional<uint64_t> number = wal_segment_number(entry.name);
    if (number && !entry.is_directory) numbers.push_back(*number);
  }
  return numbers;
}

Result<WalReplaySummary> replay_wal(FileSystem& system, const WalReplayOptions& options,
                                    const std::function<void(const WalRecord&)>& on_record) {
  return Replay(system, options, on_record).run();
}

}  // namespace clew::store
