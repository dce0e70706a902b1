// Manifest: the list of parts, and where the write-ahead log begins. What it names exists; what it does not
// name is of no account and may be deleted. Replacing it is the one moment at which anything is published
// (docs/format/manifest.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "base/time.h"
#include "telemetry/batch.h"

namespace clew::store {

constexpr uint32_t kManifestFormatVersion = 1;

struct PartEntry {
  uint64_t number = 0;  // its file is part_name(number)
  EnvironmentId environment;
  Signal signal = Signal::traces;
  int32_t day = 0;     // days since 1970-01-01, UTC
  uint32_t level = 0;  // how many merges lie behind it
  uint64_t rows = 0;
  uint64_t bytes = 0;
  UnixNanos first;  // smallest and largest time of its rows
  UnixNanos last;
  bool operator==(const PartEntry&) const = default;
};

struct Manifest {
  // Greater than the number of every part that was ever published.
  uint64_t next_part = 1;
  // Records of older segments are in the parts.
  uint64_t first_wal_segment = 1;
  std::vector<PartEntry> parts;
  bool operator==(const Manifest&) const = default;
};

// The text of the file.
std::string encode_manifest(const Manifest& manifest);
// `corrupt` when both copies in it are damaged, `unsupported` when a newer version wrote it.
Result<Manifest> decode_manifest(std::string_view text);

// The manifest of a data directory. A missing one is `corrupt`: making a data directory makes an empty
// manifest.
Result<Manifest> load_manifest(FileSystem& system, const std::string& directory);
// Replaces the manifest in one step. All files it names must be synced, and their directories too. After a
// failure either the old or the new one may be there after power loss: delete nothing that either of them
// names until a later commit has succeeded.
Status commit_manifest(FileSystem& system, const std::string& directory, const Manifest& manifest);

}  // namespace clew::store
