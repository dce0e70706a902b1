// FileSystem: the few things clew asks of a disk, behind an interface so that tests can lose power, run out
// of space and break in any place (base/simulated_file_system.h).
//
// Promises that hold for every implementation:
//   - What append() wrote survives power loss after sync() of the same file, and not before.
//   - A name (created, renamed, linked, removed) survives power loss after sync_directory() of its directory.
//   - Failures have a kind and a sentence that ends in the path and says what to do:
//       exhausted    the disk or a quota is full, or too many files are open: try again later
//       forbidden    permissions, or a file system mounted read-only
//       not_found, conflict (exists already), bad_input (not a directory, name too long)
//       unavailable  the device reports an input/output error
// A FileSystem may be used by any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew {

enum class OpenMode : uint8_t {
  read,            // must exist; append, sync and truncate fail
  append,          // must exist; appends go to its end
  create,          // must not exist (conflict)
  replace,         // created, or emptied if it exists
  open_or_create,  // created if it does not exist, kept as it is if it does
  log,             // as replace, for a file that is synced with nearly every append: written past the page
                   // cache where that is possible, and then zeros may stand behind what was appended, up to a
                   // multiple of 4096 bytes, until the file is closed
};

// An open file, closed by its destructor. read_at and sync: any thread; append and truncate: one thread at a
// time.
class File {
 public:
  virtual ~File() = default;

  virtual const std::string& path() const = 0;
  // Fills `into` from `offset` on. Returns the number of bytes read: less than asked only at the end of the
  // file.
  virtual Result<size_t> read_at(uint64_t offset, std::span<char> into) const = 0;
  // Exactly `size` bytes; `corrupt` if the file ends before. The memory is taken after the file's size was
  // checked.
  Result<std::string> read_at(uint64_t offset, uint64_t size) const;

  // Writes all pieces, one behind the other, at the end of the file. After a failure some of the bytes may be
  // there.
  virtual Status append(std::span<const std::string_view> pieces) = 0;
  Status append(std::string_view bytes) { return append(std::span(&bytes, 1)); }
  // Returns when everything appended before the call survives power loss. After a failure nobody knows what
  // of the unsynced bytes survives, and a second sync that succeeds proves nothing: give the file up.
  virtual Status sync() = 0;
  virtual Status truncate(uint64_t size) = 0;
  virtual Result<uint64_t> size() const = 0;

  // Takes the lock that at most one open file (of any process) holds on a file, until this one is closed.
  // false: another holds it.
  virtual Result<bool> try_lock() = 0;
};

struct DirectoryEntry {
  std::string name;
  bool is_directory = false;
  bool operator==(const DirectoryEntry&) const = default;
};

struct FileInfo {
  uint64_t size = 0;
  bool is_directory = false;
};

struct DiskSpace {
  uint64_t available = 0;  // bytes that this process may still write
  uint64_t total = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) = 0;
  virtual Result<FileInfo> info(const std::string& path) = 0;
  // Replaces `to` in one step if it exists.
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  virtual Status remove(const std::string& path) = 0;
  virtual Status hard_link(const std::string& existing, const std::string& link) = 0;

  // Sorted by name, without "." and "..".
  virtual Result<std::vector<DirectoryEntry>> list(const std::string& directory) = 0;
  // Its parent must exist; success if the directory exists already.
  virtual Status make_directory(const std::string& path) = 0;
  // Must be empty.
  virtual Status remove_directory(const std::string& path) = 0;
  virtual Status sync_directory(const std::string& path) = 0;
  virtual Result<DiskSpace> space(const std::string& path) = 0;

  // The following are made of the above.
  Result<bool> exists(const std::string& path);
  // The whole file; `too_large` when it has more than `limit` bytes.
  Result<std::string> read_file(const std::string& path, uint64_t limit);
  // The publishing ritual: writes `path`.tmp, syncs it, renames it to `path`, syncs the directory. At every
  // moment, and after power loss at any moment, `path` holds its old content or the new one.
  Status publish_file(const std::string& path, std::string_view bytes);
};

// The disk of this machine.
FileSystem& real_file_system();

// "a", "b" -> "a/b"; a trailing slash of the first is dropped.
std::string join_path(std::string_view directory, std::string_view name);
// The directory that holds `path`: "a/b" -> "a", "b" -> ".".
std::string parent_path(std::string_view path);

}  // namespace clew
