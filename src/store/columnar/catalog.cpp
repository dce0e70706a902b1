#include "store/columnar/catalog.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "store/columnar/file_names.h"
#include "store/sound_snapshot.h"

namespace clew::store {

Catalog::Catalog(FileSystem& files, std::string directory)
    : files_(files),
      directory_(std::move(directory)),
      parts_directory_(join_path(directory_, kPartsDirectoryName)) {}

Result<std::unique_ptr<Catalog>> Catalog::open(FileSystem& files, std::string directory) {
  std::unique_ptr<Catalog> catalog(new Catalog(files, std::move(directory)));
  CLEW_ASSIGN(catalog->manifest_, load_manifest(files, catalog->directory_));
  CLEW_TRY(catalog->list_damaged_files(kPartsDirectoryName));
  CLEW_TRY(catalog->open_parts());
  return catalog;
}

Status Catalog::open_parts() {
  std::vector<PartEntry> good;
  std::set<std::string> named;
  for (const PartEntry& entry : manifest_.parts) {
    const std::string name = part_name(entry.number);
    named.insert(name);
    const std::string path = join_path(parts_directory_, name);
    auto part = Part::open(files_, path);
    if (!part.ok()) {
      // A directory of this version holds no part of a newer one: a version that says so is damaged itself.
      const ErrorKind kind = part.status().kind();
      if (kind != ErrorKind::corrupt && kind != ErrorKind::not_found && kind != ErrorKind::unsupported)
        return part.status();
      count(Counter::parts_damaged);
      log_error("store", fmt::format("{}; {} rows are set aside", part.status().message(), entry.rows));
      damaged_files_.push_back({path, entry.rows, std::string(part.status().message())});
      if (kind != ErrorKind::not_found) (void)files_.rename(path, path + std::string(kDamagedSuffix));
      continue;
    }
    tables_[{entry.environment, entry.signal}].parts.push_back({entry, std::move(part).value()});
    good.push_back(entry);
  }
  manifest_.parts = std::move(good);
  // What a crash left behind.
  CLEW_ASSIGN(const auto present, files_.list(parts_directory_));
  for (const DirectoryEntry& file : present) {
    const auto number = part_number(file.name);
    if (number) manifest_.next_part = std::max(manifest_.next_part, *number + 1);
    if (number && !named.contains(file.name)) CLEW_TRY(files_.remove(join_path(parts_directory_, file.name)));
  }
  return {};
}

// Until a person has looked at them and taken them away.
Status Catalog::list_damaged_files(std::string_view directory_name) {
  const std::string directory = join_path(directory_, directory_name);
  CLEW_ASSIGN(const auto present, files_.list(directory));
  for (const DirectoryEntry& file : present) {
    if (!file.name.ends_with(kDamagedSuffix)) continue;
    const std::string path = join_path(directory, file.name);
    damaged_files_.push_back({path, 0, "set aside because its checksum was wrong: " + path});
  }
  return {};
}

uint64_t Catalog::first_wal_segment() const {
  const std::lock_guard lock(mutex_);
  return manifest_.first_wal_segment;
}

Snapshot Catalog::snapshot(TableKey key) const {
  Snapshot snapshot;
  const std::lock_guard lock(mutex_);
  const auto table = tables_.find(key);
  if (table == tables_.end()) return snapshot;
  snapshot.segments.reserve(table->second.parts.size() + table->second.blocks.size());
  for (const PublishedPart& part : table->second.parts) snapshot.segments.push_back(part.part);
  for (const auto& block : table->second.blocks) snapshot.segments.push_back(block);
  return without_damage(std::move(snapshot));
}

std::vector<PartEntry> Catalog::entries() const {
  const std::lock_guard lock(mutex_);
  return manifest_.parts;
}

std::vector<PartEntry> Catalog::sound_entries() const {
  std::vector<PartEntry> sound;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, table] : tables_) {
    for (const PublishedPart& part : table.parts) {
      if (!part.part->is_damaged()) sound.push_back(part.entry);
    }
  }
  return sound;
}

std::vector<Damage> Catalog::damages() const {
  std::vector<Damage> found = damaged_files_;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, table] : tables_) {
    for (const PublishedPart& part : table.parts) {
      for (SetAside& one : part.part->set_aside())
        found.push_back({std::move(one.file), one.rows, std::move(one.reason)});
    }
  }
  return found;
}

std::vector<PublishedPart> Catalog::find(const std::vector<uint64_t>& numbers) const {
  std::vector<PublishedPart> found;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, table] : tables_) {
    for (const PublishedPart& part : table.parts) {
      if (std::find(numbers.begin(), numbers.end(), part.entry.number) != numbers.end())
        found.push_back(part);
    }
  }
  return found;
}

std::map<TableKey, std::vector<std::shared_ptr<const Block>>> Catalog::blocks() const {
  std::map<TableKey, std::vector<std::shared_ptr<const Block>>> blocks;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, table] : tables_) {
    if (!table.blocks.empty()) blocks[key] = table.blocks;
  }
  return blocks;
}

uint64_t Catalog::block_rows() const {
  uint64_t rows = 0;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, table] : tables_) {
    for (const auto& block : table.blocks) rows += block->rows();
  }
  return rows;
}

size_t Catalog::block_count() const {
  size_t blocks = 0;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, table] : tables_) blocks += table.blocks.size();
  return blocks;
}

void Catalog::add_blocks(TableKey key, std::vector<std::shared_ptr<const Block>> blocks) {
  const std::lock_guard lock(mutex_);
  auto& known = tables_[key].blocks;
  known.insert(known.end(), std::make_move_iterator(blocks.begin()), std::make_move_iterator(blocks.end()));
}

Catalog::NewPart Catalog::new_part() {
  const std::lock_guard lock(mutex_);
  const uint64_t number = manifest_.next_part++;
  return {number, join_path(parts_directory_, part_name(number))};
}

void Catalog::abandon(const NewPart& part) {
  if (Status status = files_.remove(part.path); !status.ok()) log_warning("store", status.message());
}

Status Catalog::apply(Change change) {
  const std::lock_guard applying(apply_mutex_);
  Manifest next;
  {
    const std::lock_guard lock(mutex_);
    next = manifest_;
  }
  std::erase_if(next.parts, [&](const PartEntry& entry) {
    return std::find(change.removed_parts.begin(), change.removed_parts.end(), entry.number) !=
           change.removed_parts.end();
  });
  for (const PublishedPart& part : change.added_parts) next.parts.push_back(part.entry);
  if (change.first_wal_segment) next.first_wal_segment = *change.first_wal_segment;

  Status status;
  if (!change.added_parts.empty()) status = files_.sync_directory(parts_directory_);
  if (status.ok()) status = commit_manifest(files_, directory_, next);
  const std::lock_guard lock(mutex_);
  if (!status.ok()) {
    for (PublishedPart& part : change.added_parts) in_doubt_.push_back(std::move(part.part));
    return status;
  }
  next.next_part = std::max(next.next_part, manifest_.next_part);
  manifest_ = std::move(next);
  for (auto& [key, table] : tables_) {
    std::erase_if(table.blocks, [&](const auto& block) {
      return std::find(change.removed_blocks.begin(), change.removed_blocks.end(), block) !=
             change.removed_blocks.end();
    });
    std::erase_if(table.parts, [&](const PublishedPart& part) {
      const bool removed = std::find(change.removed_parts.begin(), change.removed_parts.end(),
                                     part.entry.number) != change.removed_parts.end();
      if (removed) part.part->remove_when_unused();
      return removed;
    });
  }
  for (PublishedPart& part : change.added_parts)
    tables_[{part.entry.environment, part.entry.signal}].parts.push_back(std::move(part));
  for (const auto& part : in_doubt_) part->remove_when_unused();
  in_doubt_.clear();
  return {};
}

}  // namespace clew::store
