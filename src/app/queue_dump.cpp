#include "app/queue_dump.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "app/byte_size.h"
#include "app/text_table.h"
#include "pipeline/delivery/queue_format.h"

namespace clew::app {
namespace {

using pipeline::QueueRecord;

constexpr std::string_view kEnding = ".queue";
constexpr std::string_view kMagic = "CLEWQUE\n";
constexpr uint64_t kLargestFile = uint64_t{1} << 30;

struct FoundRecord {
  std::string file;
  QueueRecord record;
};

Result<std::vector<std::string>> queue_files(FileSystem& files, const std::string& directory) {
  CLEW_ASSIGN(const std::vector<DirectoryEntry> entries, files.list(directory));
  std::vector<std::string> names;
  for (const DirectoryEntry& entry : entries)
    if (entry.name.ends_with(kEnding)) names.push_back(entry.name);
  std::sort(names.begin(), names.end());
  return names;
}

Status read_records(FileSystem& files, const std::string& path, std::vector<FoundRecord>& records,
                    FileDump& dump) {
  CLEW_ASSIGN(const std::string bytes, files.read_file(path, kLargestFile));
  const auto version = pipeline::decode_queue_file_header(bytes);
  if (!version) return {ErrorKind::bad_input, fmt::format("no file of a sending queue: {}", path)};
  if (*version != pipeline::kQueueFormatVersion)
    return {ErrorKind::bad_input, fmt::format("{}: format version {}; this clew reads {}", path, *version,
                                              pipeline::kQueueFormatVersion)};
  uint64_t at = pipeline::kQueueFileHeaderBytes;
  while (at < bytes.size()) {
    if (const auto record = pipeline::decode_queue_record(bytes, at)) {
      records.push_back({path.substr(path.rfind('/') + 1), *record});
      at += pipeline::kQueueRecordHeaderBytes + record->payload_bytes;
      continue;
    }
    // Damage, when something sound follows; otherwise a group that was being written.
    size_t next = pipeline::find_queue_record(bytes, at + 1);
    while (next != std::string::npos && !pipeline::decode_queue_record(bytes, next))
      next = pipeline::find_queue_record(bytes, next + 1);
    if (next == std::string::npos) {
      dump.text += fmt::format("{}: unfinished from byte {} on\n", path, at);
      break;
    }
    dump.damages.push_back(fmt::format("{}: bytes {} to {}", path, at, next));
    at = next;
  }
  return {};
}

}  // namespace

bool is_queue_file(std::string_view first_bytes) {
  return first_bytes == kMagic;
}

bool has_queue_files(FileSystem& files, const std::string& directory) {
  const auto names = queue_files(files, directory);
  return names.ok() && !names->empty();
}

Result<FileDump> dump_queue(FileSystem& files, const std::string& path) {
  CLEW_ASSIGN(const FileInfo info, files.info(path));
  FileDump dump;
  std::vector<FoundRecord> records;
  if (info.is_directory) {
    CLEW_ASSIGN(const std::vector<std::string> names, queue_files(files, path));
    for (const std::string& name : names) CLEW_TRY(read_records(files, join_path(path, name), records, dump));
  } else {
    CLEW_TRY(read_records(files, path, records, dump));
  }
  std::set<uint64_t> sent;
  for (const FoundRecord& one : records)
    if (one.record.kind == QueueRecord::Kind::sent) sent.insert(one.record.number);
  std::vector<std::vector<std::string>> rows;
  uint64_t waiting = 0, items = 0, bytes = 0;
  for (const auto& [file, record] : records) {
    if (record.kind != QueueRecord::Kind::batch) continue;
    const bool was_sent = sent.contains(record.number);
    if (!was_sent) {
      ++waiting;
      items += record.items;
      bytes += record.payload_bytes;
    }
    rows.push_back({file, std::to_string(record.number), std::string(clew::name_of(record.signal)),
                    std::to_string(record.items), byte_size_for_people(record.payload_bytes),
                    was_sent            ? "sent"
                    : info.is_directory ? "waits"
                                        : "waits, or later files say it was sent"});
  }
  dump.text += fmt::format("{}: a sending queue, {} batch{} with {} items ({}) not sent\n\n", path, waiting,
                           waiting == 1 ? "" : "es", items, byte_size_for_people(bytes));
  dump.text += text_table({{"FILE"},
                           {"BATCH", Alignment::right},
                           {"SIGNAL"},
                           {"ITEMS", Alignment::right},
                           {"SIZE", Alignment::right},
                           {"STATE"}},
                          rows);
  return dump;
}

}  // namespace clew::app
