#include "app/file_dump.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "app/byte_size.h"
#include "app/queue_dump.h"
#include "app/text_table.h"
#include "store/columnar/file_names.h"
#include "store/columnar/manifest.h"
#include "store/columnar/part.h"
#include "store/columnar/wal_replay.h"

namespace clew::app {
namespace {

constexpr uint64_t kLargestSegment = uint64_t{4} << 30;
constexpr std::string_view kWalMagic = "CLEWWAL\n";

using Rows = std::vector<std::vector<std::string>>;

std::string_view name_of(store::ChunkForm form) {
  switch (form) {
    case store::ChunkForm::integers:
      return "integers";
    case store::ChunkForm::floats:
      return "floats";
    case store::ChunkForm::whole_floats:
      return "whole floats";
    case store::ChunkForm::booleans:
      return "booleans";
    case store::ChunkForm::codes:
      return "codes";
    case store::ChunkForm::strings:
      return "strings";
    case store::ChunkForm::trace_ids:
      return "trace ids";
    case store::ChunkForm::span_ids:
      return "span ids";
    case store::ChunkForm::parent_rows:
      return "parent rows";
  }
  return "unknown";
}

std::string day_for_people(int32_t day) {
  return to_rfc3339({int64_t{day} * 86'400'000'000'000}).substr(0, 10);
}

std::string counted(uint64_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

// One column over all granules of a part.
struct ColumnTotals {
  uint64_t values = 0;
  uint64_t bytes = 0;
  std::vector<store::ChunkForm> forms;
};

std::string columns_of_part(const store::Footer& footer) {
  std::vector<ColumnTotals> totals(footer.columns.size());
  for (const store::PartGranule& granule : footer.granules) {
    for (const store::Chunk& chunk : granule.chunks) {
      ColumnTotals& total = totals[chunk.column];
      total.values += chunk.count;
      total.bytes += chunk.piece.size;
      if (std::find(total.forms.begin(), total.forms.end(), chunk.form) == total.forms.end())
        total.forms.push_back(chunk.form);
    }
  }
  Rows rows;
  for (size_t i = 0; i < footer.columns.size(); ++i) {
    const store::PartColumn& column = footer.columns[i];
    const uint64_t dictionary_bytes = column.dictionary ? column.dictionary->size : 0;
    std::string forms;
    for (const store::ChunkForm form : totals[i].forms)
      forms.append(forms.empty() ? "" : ", ").append(name_of(form));
    rows.push_back({std::string(name_of(column.info.scope)), column.info.name,
                    std::string(name_of(column.info.type)), std::to_string(totals[i].values),
                    std::to_string(totals[i].bytes + dictionary_bytes),
                    column.dictionary ? std::to_string(column.dictionary_entries) : "", forms});
  }
  return text_table({{"SCOPE"},
                     {"COLUMN"},
                     {"TYPE"},
                     {"VALUES", Alignment::right},
                     {"BYTES", Alignment::right},
                     {"DISTINCT", Alignment::right},
                     {"KEPT AS"}},
                    rows);
}

Result<FileDump> dump_part(FileSystem& files, const std::string& path, DumpDepth depth) {
  CLEW_ASSIGN(const std::shared_ptr<store::Part> part, store::Part::open(files, path));
  const store::Footer& footer = part->footer();
  FileDump dump;
  dump.text = fmt::format("{}: a part, {} of environment {}, {}\n{} in {}, {}, from {} to {}\n\n", path,
                          clew::name_of(footer.signal), footer.environment.number, day_for_people(footer.day),
                          counted(footer.rows, "row"), counted(footer.granules.size(), "granule"),
                          byte_size_for_people(part->file_bytes()), to_rfc3339(part->first()),
                          to_rfc3339(part->last()));
  dump.text += columns_of_part(footer);
  if (depth == DumpDepth::everything) {
    dump.damages = part->faults();
  }
  return dump;
}

struct Segment {
  store::WalSegmentHeader header;
  store::WalScan scan;
  bool headers_differ = false;
};

// `end`: where the segment ends by the header of the next one, if there is one.
Result<Segment> read_segment(FileSystem& files, const std::string& path,
                             std::optional<store::WalSegmentEnd> end = std::nullopt) {
  CLEW_ASSIGN(const std::string bytes, files.read_file(path, kLargestSegment));
  const auto header = store::decode_segment_header(bytes);
  if (!header)
    return Status(ErrorKind::corrupt, fmt::format("both headers of the log segment are damaged: {}", path));
  if (header->version > store::kWalFormatVersion)
    return Status(ErrorKind::unsupported,
                  fmt::format("a newer clew wrote this log segment (version {}): {}", header->version, path));
  return Segment{
      .header = *header,
      .scan = store::scan_wal_segment(bytes, header->salt, end),
      .headers_differ = bytes.size() < store::kWalFirstRecord ||
                        bytes.compare(0, store::kWalSegmentHeaderBytes, bytes, store::kWalSegmentHeaderBytes,
                                      store::kWalSegmentHeaderBytes) != 0};
}

void add_damages(const Segment& segment, const std::string& path, FileDump& dump) {
  for (const auto& region : segment.scan.damaged)
    dump.damages.push_back(fmt::format("{} damaged bytes at {} of {}", region.size, region.offset, path));
  if (segment.headers_differ)
    dump.damages.push_back(fmt::format("one of the two headers, bytes 0 to {}, of {}; the other is used",
                                       store::kWalFirstRecord, path));
}

std::optional<store::WalSegmentEnd> end_by_next(FileSystem& files, const std::string& wal, uint64_t number) {
  const auto next = read_segment(files, join_path(wal, store::wal_segment_name(number + 1)));
  if (!next.ok() || next->header.segment != number + 1) return std::nullopt;
  return store::WalSegmentEnd{.bytes = next->header.previous_bytes,
                              .durable_bytes = next->header.previous_durable_bytes};
}

Result<FileDump> dump_segment(FileSystem& files, const std::string& path) {
  CLEW_ASSIGN(const Segment segment, read_segment(files, path));
  FileDump dump;
  dump.text = fmt::format("{}: segment {} of the write-ahead log, {}\n\n", path, segment.header.segment,
                          counted(segment.scan.records.size(), "record"));
  Rows rows;
  for (const auto& record : segment.scan.records)
    rows.push_back({std::to_string(record.offset), std::to_string(record.header.sequence),
                    to_rfc3339(record.header.arrival), std::to_string(record.header.environment.number),
                    std::string(clew::name_of(record.header.signal)),
                    std::to_string(record.header.payload_bytes)});
  dump.text += text_table({{"OFFSET", Alignment::right},
                           {"SEQUENCE", Alignment::right},
                           {"ARRIVED"},
                           {"ENVIRONMENT", Alignment::right},
                           {"SIGNAL"},
                           {"BYTES", Alignment::right}},
                          rows);
  for (const auto& region : segment.scan.torn)
    dump.text += fmt::format("{} bytes at {} of a write that was cut short; nobody was told they are safe\n",
                             region.size, region.offset);
  add_damages(segment, path, dump);
  return dump;
}

std::string manifest_text(const std::string& path, const store::Manifest& manifest) {
  Rows rows;
  for (const store::PartEntry& part : manifest.parts)
    rows.push_back({store::part_name(part.number), std::to_string(part.environment.number),
                    std::string(clew::name_of(part.signal)), day_for_people(part.day),
                    std::to_string(part.level), std::to_string(part.rows), byte_size_for_people(part.bytes),
                    to_rfc3339(part.first), to_rfc3339(part.last)});
  return fmt::format("{}: {}; the write-ahead log counts from segment {}\n\n", path,
                     counted(manifest.parts.size(), "part"), manifest.first_wal_segment) +
         text_table({{"PART"},
                     {"ENVIRONMENT", Alignment::right},
                     {"SIGNAL"},
                     {"DAY"},
                     {"MERGES", Alignment::right},
                     {"ROWS", Alignment::right},
                     {"SIZE", Alignment::right},
                     {"FROM"},
                     {"TO"}},
                    rows);
}

// The reader is content with either copy.
Status check_copies(FileSystem& files, const std::string& path, const store::Manifest& manifest,
                    FileDump& dump) {
  CLEW_ASSIGN(const std::string text, files.read_file(path, kLargestSegment));
  if (text != store::encode_manifest(manifest))
    dump.damages.push_back(fmt::format("one of the two copies in {}; the other is used", path));
  return Status();
}

}  // namespace

Result<FileDump> dump_file(FileSystem& files, const std::string& path, DumpDepth depth) {
  CLEW_ASSIGN(const FileInfo info, files.info(path));
  if (info.is_directory && has_queue_files(files, path)) return dump_queue(files, path);
  if (info.is_directory) return dump_directory(files, path, depth);
  std::array<char, 8> first{};
  size_t read = 0;
  {
    CLEW_ASSIGN(const std::unique_ptr<File> file, files.open(path, OpenMode::read));
    CLEW_ASSIGN(read, file->read_at(0, std::span<char>(first)));
  }
  const std::string_view magic(first.data(), read);
  if (magic == store::kPartMagic) return dump_part(files, path, depth);
  if (magic == kWalMagic) return dump_segment(files, path);
  if (is_queue_file(magic)) return dump_queue(files, path);
  const std::string name = path.substr(path.rfind('/') + 1);
  if (name == store::kManifestFileName) {
    CLEW_ASSIGN(const store::Manifest manifest, store::load_manifest(files, parent_path(path)));
    FileDump dump{.text = manifest_text(path, manifest), .damages = {}};
    CLEW_TRY(check_copies(files, path, manifest, dump));
    return dump;
  }
  return Status(ErrorKind::bad_input,
                fmt::format("neither a part nor a log segment nor a manifest nor a sending queue: {}", path));
}

Result<FileDump> dump_directory(FileSystem& files, const std::string& path, DumpDepth depth) {
  // A data directory, or the store within it.
  const Result<bool> is_store = files.exists(join_path(path, store::kManifestFileName));
  const std::string store_path = is_store.ok() && *is_store ? path : join_path(path, "store");
  CLEW_ASSIGN(const store::Manifest manifest, store::load_manifest(files, store_path));
  const std::string manifest_path = join_path(store_path, store::kManifestFileName);
  FileDump dump{.text = manifest_text(manifest_path, manifest), .damages = {}};
  CLEW_TRY(check_copies(files, manifest_path, manifest, dump));
  if (depth == DumpDepth::everything) {
    for (const store::PartEntry& entry : manifest.parts) {
      const std::string part =
          join_path(join_path(store_path, store::kPartsDirectoryName), store::part_name(entry.number));
      const Result<FileDump> one = dump_part(files, part, depth);
      if (!one.ok()) dump.damages.emplace_back(one.status().message());
      if (one.ok()) dump.damages.insert(dump.damages.end(), one->damages.begin(), one->damages.end());
    }
  }
  const std::string wal = join_path(store_path, store::kWalDirectoryName);
  CLEW_ASSIGN(const std::vector<uint64_t> segments, store::list_wal_segments(files, wal));
  Rows rows;
  for (const uint64_t number : segments) {
    if (number < manifest.first_wal_segment) continue;
    const std::string segment_path = join_path(wal, store::wal_segment_name(number));
    const Result<Segment> segment = read_segment(files, segment_path, end_by_next(files, wal, number));
    if (!segment.ok()) {
      dump.damages.emplace_back(segment.status().message());
      continue;
    }
    add_damages(*segment, segment_path, dump);
    uint64_t bytes = 0;
    for (const auto& record : segment->scan.records) bytes += record.header.payload_bytes;
    rows.push_back({store::wal_segment_name(number), std::to_string(segment->scan.records.size()),
                    byte_size_for_people(bytes)});
  }
  dump.text += fmt::format("\n{}: requests that are in no part yet\n\n", wal) +
               text_table({{"SEGMENT"}, {"REQUESTS", Alignment::right}, {"SIZE", Alignment::right}}, rows);
  return dump;
}

}  // namespace clew::app
