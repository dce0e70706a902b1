// A copy of a store's directory, taken while another process may be writing to it: what `clew backup` and
// `clew restore` are made of.
//
// It needs nothing of the writer, because of how the store publishes (docs/format/directory.md). A manifest
// is replaced in one step; what it names never changes and is deleted only after a manifest that does not
// name it has been published. So: read the manifest, take the parts it names and the log from the segment it
// names on; when something of it has gone meanwhile, there is a newer manifest: begin again with that one.
// The copy holds everything that was acknowledged before the call, and of what came during the call a part.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"

namespace clew::store {

struct StoreCopyOptions {
  // Parts become hard links where the file system allows it. They never change, so a link is a copy that
  // takes no room; but damage of the disk reaches both.
  bool hard_links = true;
  // Bytes of parts and log done, and how many there are.
  std::function<void(uint64_t done, uint64_t total)> progress;
};

struct StoreCopySummary {
  uint64_t parts = 0;
  uint64_t linked_parts = 0;
  uint64_t log_segments = 0;
  uint64_t bytes = 0;  // linked ones too
  uint64_t attempts = 0;
  // What the manifest names and the directory does not have; the copy is without it.
  std::vector<std::string> missing;
};

// Makes `target` (its parent must exist; it must not, or be empty). Everything in it is synced on return. A
// copy that was cut short has no FORMAT, and no clew takes it for a data directory.
Result<StoreCopySummary> copy_store(FileSystem& files, const std::string& source, const std::string& target,
                                    const StoreCopyOptions& options = {});

}  // namespace clew::store
