#include "store/columnar/directory_lock.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>
#include <xxhash.h>

#include "base/log.h"
#include "store/columnar/file_names.h"
#include "store/columnar/manifest.h"

namespace clew::store {
namespace {

constexpr std::string_view kTitle = "clew data directory, format ";
constexpr uint64_t kMaxSmallFileBytes = 4096;

// "clew data directory, format 1, checksum 0123456789abcdef\n"
std::string format_text(uint32_t version) {
  std::string text(kTitle);
  text += std::to_string(version);
  std::array<char, 17> hex{};
  std::snprintf(hex.data(), hex.size(), "%016llx",
                static_cast<unsigned long long>(XXH3_64bits(text.data(), text.size())));
  return text + ", checksum " + std::string(hex.data(), 16) + "\n";
}

// The version, if the text is undamaged.
std::optional<uint32_t> version_in(std::string_view text) {
  if (!text.starts_with(kTitle)) return std::nullopt;
  const std::string_view digits = text.substr(kTitle.size());
  uint32_t version = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  if (error != std::errc() || text != format_text(version)) return std::nullopt;
  return version;
}

Status not_writable(const std::string& directory, const Status& cause) {
  return Status(ErrorKind::forbidden, "the data directory cannot be written by user " +
                                          std::to_string(::geteuid()) +
                                          "; change its owner (chown), or choose another directory (" +
                                          std::string(cause.message()) + "): " + directory);
}

Status make_directories(FileSystem& system, const std::string& directory) {
  CLEW_ASSIGN(const bool exists, system.exists(directory));
  if (exists) return {};
  const std::string parent = parent_path(directory);
  if (parent != directory) CLEW_TRY(make_directories(system, parent));
  CLEW_TRY(system.make_directory(directory));
  return system.sync_directory(parent);
}

// Whether everything in the directory is what an interrupted making of it leaves behind.
Result<bool> holds_nothing_else(FileSystem& system, const std::string& directory) {
  CLEW_ASSIGN(const std::vector<DirectoryEntry> entries, system.list(directory));
  for (const DirectoryEntry& entry : entries) {
    if (entry.name == kWalDirectoryName || entry.name == kPartsDirectoryName) {
      CLEW_ASSIGN(const std::vector<DirectoryEntry> inside, system.list(join_path(directory, entry.name)));
      if (!inside.empty()) return false;
      continue;
    }
    // lost+found is what a fresh file system holds.
    const std::string published[] = {std::string(kManifestFileName), std::string(kFormatFileName)};
    const bool known = entry.name == kLockFileName || entry.name == "lost+found" ||
                       std::any_of(std::begin(published), std::end(published), [&](const std::string& name) {
                         return entry.name == name || entry.name == name + std::string(kDraftSuffix);
                       });
    if (!known) return false;
  }
  return true;
}

// FORMAT comes last: a directory without it was never used.
Status make_contents(FileSystem& system, const std::string& directory) {
  for (const std::string_view name : {kWalDirectoryName, kPartsDirectoryName}) {
    CLEW_TRY(system.make_directory(join_path(directory, name)));
  }
  CLEW_TRY(commit_manifest(system, directory, {}));
  return system.publish_file(join_path(directory, kFormatFileName), format_text(kDirectoryFormatVersion));
}

Status check_version(FileSystem& system, const std::string& directory) {
  const std::string path = join_path(directory, kFormatFileName);
  CLEW_ASSIGN(const std::string text, system.read_file(path, kMaxSmallFileBytes));
  const std::optional<uint32_t> version = version_in(text);
  if (!version) {
    // The manifest has a version too, so that a damaged line need not stop anybody.
    const Result<Manifest> manifest = load_manifest(system, directory);
    if (!manifest.ok()) {
      return Status(
          ErrorKind::corrupt,
          "FORMAT and MANIFEST are damaged; restore the data directory from a backup: " + directory);
    }
    log_warning("store", "FORMAT was damaged and has been written again: " + path);
    return system.publish_file(path, format_text(kDirectoryFormatVersion));
  }
  if (*version > kDirectoryFormatVersion) {
    return Status(ErrorKind::unsupported,
                  "the data directory was made by a newer clew (format " + std::to_string(*version) +
                      ", this one knows up to " + std::to_string(kDirectoryFormatVersion) +
                      "); start the newer version, or choose another directory: " + directory);
  }
  return {};
}

Result<std::unique_ptr<File>> take_lock(FileSystem& system, const std::string& directory) {
  const std::string path = join_path(directory, kLockFileName);
  Result<std::unique_ptr<File>> file = system.open(path, OpenMode::open_or_create);
  if (!file.ok()) {
    if (file.status().kind() == ErrorKind::forbidden) return not_writable(directory, file.status());
    return std::move(file).status();
  }
  CLEW_ASSIGN(const bool locked, (*file)->try_lock());
  if (!locked) {
    const Result<std::string> holder = system.read_file(path, kMaxSmallFileBytes);
    const std::string process =
        holder.ok() && !holder->empty() ? " (process " + holder->substr(0, holder->find('\n')) + ")" : "";
    return Status(ErrorKind::conflict, "the data directory is in use by another clew" + process +
                                           "; stop that one, or choose another directory: " + directory);
  }
  CLEW_TRY((*file)->truncate(0));
  CLEW_TRY((*file)->append(std::to_string(::getpid()) + "\n"));
  return file;
}

}  // namespace

Result<std::unique_ptr<DirectoryLock>> DirectoryLock::acquire(FileSystem& system,
                                                              const std::string& directory) {
  Status made = make_directories(system, directory);
  if (!made.ok()) {
    if (made.kind() == ErrorKind::forbidden) return not_writable(directory, made);
    return made;
  }
  CLEW_ASSIGN(const FileInfo info, system.info(directory));
  if (!info.is_directory) {
    return Status(ErrorKind::bad_input, "the data directory is a file; name a directory: " + directory);
  }
  CLEW_ASSIGN(const bool is_ours, system.exists(join_path(directory, kFormatFileName)));
  if (!is_ours) {
    // Before anything is written into it.
    CLEW_ASSIGN(const bool is_new, holds_nothing_else(system, directory));
    if (!is_new) {
      return Status(
          ErrorKind::conflict,
          "the directory is not empty and not a data directory of clew; name an empty or a new one: " +
              directory);
    }
  }
  CLEW_ASSIGN(std::unique_ptr<File> lock, take_lock(system, directory));
  // Another process may have made it in between.
  CLEW_ASSIGN(const bool is_made, system.exists(join_path(directory, kFormatFileName)));
  CLEW_TRY(is_made ? check_version(system, directory) : make_contents(system, directory));
  return std::unique_ptr<DirectoryLock>(new DirectoryLock(directory, std::move(lock)));
}

}  // namespace clew::store
