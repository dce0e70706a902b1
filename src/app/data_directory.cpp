#include "app/data_directory.h"

#include <unistd.h>

#include <fmt/format.h>

namespace clew::app {
namespace {

constexpr std::string_view kLockName = "clew.lock";

Status cannot_use(const std::string& path, Status why) {
  return Status(why.kind(), fmt::format("cannot keep data in {}: {}", path, why.message()));
}

std::string holder_of(File& lock) {
  const Result<uint64_t> size = lock.size();
  if (!size.ok() || *size == 0 || *size > 32) return "another clew";
  const Result<std::string> text = lock.read_at(0, *size);
  return text.ok() ? fmt::format("another clew (process {})", *text) : "another clew";
}

Status make_directory(const std::string& path) {
  FileSystem& files = real_file_system();
  if (const Result<FileInfo> info = files.info(path); info.ok()) {
    if (info->is_directory) return Status();
    return Status(ErrorKind::bad_input,
                  fmt::format("{} is a file, not a directory: choose another --data", path));
  }
  return files.make_directory(path);
}

}  // namespace

Result<DataDirectory> DataDirectory::claim(const std::string& path) {
  if (Status made = make_directory(path); !made.ok()) return cannot_use(path, std::move(made));
  Result<std::unique_ptr<File>> lock =
      real_file_system().open(join_path(path, kLockName), OpenMode::open_or_create);
  if (!lock.ok()) return cannot_use(path, std::move(lock).status());
  const Result<bool> taken = (*lock)->try_lock();
  if (!taken.ok()) return cannot_use(path, taken.status());
  if (!*taken)
    return Status(ErrorKind::conflict,
                  fmt::format("{} is in use by {}: stop it first, or give this one another --data directory",
                              path, holder_of(**lock)));
  // Who holds the lock is told to the next one who asks; it does not have to survive anything.
  Status noted = (*lock)->truncate(0);
  if (noted.ok()) noted = (*lock)->append(std::to_string(getpid()));
  if (!noted.ok()) return cannot_use(path, std::move(noted));
  return DataDirectory(path, std::move(*lock));
}

Status check_data_directory(const std::string& path, IfMissing if_missing) {
  if (real_file_system().info(path).ok() || if_missing == IfMissing::create) {
    Status made = make_directory(path);
    return made.ok() ? Status() : cannot_use(path, std::move(made));
  }
  return Status(
      ErrorKind::not_found,
      fmt::format("there is no data directory {}: name the one that clew serve uses with --data", path));
}

}  // namespace clew::app
