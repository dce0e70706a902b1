// Catalog: what the store holds at this moment: published blocks, published parts, and the manifest that says
// so on disk. Readers get copies of lists of immutable things; writers replace them in one step.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "store/columnar/block.h"
#include "store/columnar/file_names.h"
#include "store/columnar/manifest.h"
#include "store/columnar/part.h"
#include "store/storage.h"

namespace clew::store {

struct TableKey {
  EnvironmentId environment;
  Signal signal = Signal::traces;
  auto operator<=>(const TableKey&) const = default;
};

struct PublishedPart {
  PartEntry entry;
  std::shared_ptr<const Part> part;
};

// What of the store cannot be read, for the status page.
struct Damage {
  std::string file;
  uint64_t rows = 0;  // that answers are without; 0: unknown
  std::string what;   // a sentence
};

class Catalog {
 public:
  // Loads the manifest, opens its parts, removes files it does not name. A damaged part is set aside (renamed
  // to
  // *.damaged), counted, and no longer named.
  static Result<std::unique_ptr<Catalog>> open(FileSystem& files, std::string directory);

  uint64_t first_wal_segment() const;
  Snapshot snapshot(TableKey table) const;
  std::vector<PartEntry> entries() const;
  // Those of which nothing is set aside.
  std::vector<PartEntry> sound_entries() const;
  // Granules set aside while reading, and the files set aside at the last start or before.
  std::vector<Damage> damages() const;
  std::vector<PublishedPart> find(const std::vector<uint64_t>& numbers) const;
  std::map<TableKey, std::vector<std::shared_ptr<const Block>>> blocks() const;
  uint64_t block_rows() const;
  size_t block_count() const;

  // Once the log has been read back, which sets damaged bytes of it aside.
  Status note_damaged_log() { return list_damaged_files(kWalDirectoryName); }

  void add_blocks(TableKey table, std::vector<std::shared_ptr<const Block>> blocks);

  // A path for a new part, not used before, and its number.
  struct NewPart {
    uint64_t number;
    std::string path;
  };
  NewPart new_part();
  // Removes a file of new_part() that will not be published.
  void abandon(const NewPart& part);

  struct Change {
    std::vector<uint64_t> removed_parts;
    std::vector<PublishedPart> added_parts;
    std::vector<std::shared_ptr<const Block>> removed_blocks;
    std::optional<uint64_t> first_wal_segment;
  };
  // The publishing ritual: the new parts' directory entries are synced, the manifest is replaced, readers see
  // the new lists, files of removed parts go when their last reader lets go. After a failure nothing has
  // changed for readers.
  Status apply(Change change);

 private:
  Catalog(FileSystem& files, std::string directory);
  Status open_parts();
  Status list_damaged_files(std::string_view directory_name);

  struct Table {
    std::vector<std::shared_ptr<const Block>> blocks;
    std::vector<PublishedPart> parts;
  };

  FileSystem& files_;
  const std::string directory_;
  const std::string parts_directory_;

  std::mutex apply_mutex_;  // one change at a time; taken before mutex_
  mutable std::mutex mutex_;
  std::vector<Damage> damaged_files_;  // as they were at the start
  // Guarded by mutex_:
  Manifest manifest_;
  std::map<TableKey, Table> tables_;
  // Parts of changes that failed: the manifest on disk may name them or not, so they stay until the next
  // success.
  std::vector<std::shared_ptr<const Part>> in_doubt_;
};

}  // namespace clew::store
