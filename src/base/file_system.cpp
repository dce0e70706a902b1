#include "base/file_system.h"

#include "base/uninitialised.h"

namespace clew {

Result<std::string> File::read_at(uint64_t offset, uint64_t size) const {
  CLEW_ASSIGN(const uint64_t have, this->size());
  if (offset > have || size > have - offset) {
    return Status(ErrorKind::corrupt, "file ends too early: wanted " + std::to_string(size) +
                                          " bytes at offset " + std::to_string(offset) + ", the file has " +
                                          std::to_string(have) + ": " + path());
  }
  std::string bytes;
  resize_uninitialised(bytes, size);
  CLEW_ASSIGN(const size_t got, read_at(offset, std::span<char>(bytes)));
  if (got != size) {
    return Status(ErrorKind::corrupt, "file became shorter while it was read: wanted " +
                                          std::to_string(size) + " bytes at offset " +
                                          std::to_string(offset) + ", got " + std::to_string(got) + ": " +
                                          path());
  }
  return bytes;
}

Result<bool> FileSystem::exists(const std::string& path) {
  Result<FileInfo> found = info(path);
  if (found.ok()) return true;
  if (found.status().kind() == ErrorKind::not_found) return false;
  return std::move(found).status();
}

Result<std::string> FileSystem::read_file(const std::string& path, uint64_t limit) {
  CLEW_ASSIGN(const std::unique_ptr<File> file, open(path, OpenMode::read));
  CLEW_ASSIGN(const uint64_t size, file->size());
  if (size > limit) {
    return Status(ErrorKind::too_large, "file is larger than " + std::to_string(limit) + " bytes (" +
                                            std::to_string(size) + "): " + path);
  }
  return file->read_at(0, size);
}

namespace {

Status write_draft(FileSystem& system, const std::string& draft, std::string_view bytes) {
  CLEW_ASSIGN(const std::unique_ptr<File> file, system.open(draft, OpenMode::replace));
  CLEW_TRY(file->append(bytes));
  return file->sync();
}

}  // namespace

Status FileSystem::publish_file(const std::string& path, std::string_view bytes) {
  const std::string draft = path + ".tmp";
  Status written = write_draft(*this, draft, bytes);
  if (written.ok()) written = rename(draft, path);
  if (!written.ok()) {
    // Its space may be what is missing. If it cannot be removed it stays; the next publishing replaces it.
    static_cast<void>(remove(draft));
    return written;
  }
  return sync_directory(parent_path(path));
}

std::string join_path(std::string_view directory, std::string_view name) {
  std::string joined(directory);
  if (joined.empty() || joined.back() != '/') joined += '/';
  return joined.append(name);
}

std::string parent_path(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

}  // namespace clew
