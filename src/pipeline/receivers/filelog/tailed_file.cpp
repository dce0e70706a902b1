#include "pipeline/receivers/filelog/tailed_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/stat.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace clew::pipeline {
namespace {

// So much of the beginning and of what was read last tells files apart.
constexpr size_t kLandmarkBytes = 1000;

uint64_t hash_of(const std::string& bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

Status failure(std::string_view doing, const std::string& path) {
  const int error = errno;
  const ErrorKind kind = error == ENOENT   ? ErrorKind::not_found
                         : error == EACCES ? ErrorKind::forbidden
                                           : ErrorKind::unavailable;
  return {kind, fmt::format("{}: {}: {}", doing, std::strerror(error), path)};
}

}  // namespace

std::optional<FileIdentity> identity_of(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return FileIdentity{info.st_dev, info.st_ino};
}

Result<TailedFile> TailedFile::open(const std::string& path) {
  // A pipe of that name must not stop us.
  net::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return failure("cannot open a log file", path);
  struct stat info {};
  if (::fstat(file.number(), &info) != 0) return failure("cannot look at a log file", path);
  if (!S_ISREG(info.st_mode)) return {ErrorKind::bad_input, fmt::format("is no regular file: {}", path)};
  return TailedFile(std::move(file), {info.st_dev, info.st_ino});
}

Result<uint64_t> TailedFile::size() const {
  struct stat info {};
  if (::fstat(file_.number(), &info) != 0) return failure("cannot look at a log file", "");
  return static_cast<uint64_t>(info.st_size);
}

Result<std::string> TailedFile::read_at(uint64_t offset, size_t most) const {
  std::string bytes(most, '\0');
  size_t got = 0;
  while (got < most) {
    const ssize_t n =
        ::pread(file_.number(), bytes.data() + got, most - got, static_cast<off_t>(offset + got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failure("cannot read a log file", "");
    if (n == 0) break;
    got += static_cast<size_t>(n);
  }
  bytes.resize(got);
  return bytes;
}

Result<std::string> TailedFile::read(size_t most) const {
  CLEW_ASSIGN(const uint64_t whole, size());
  if (whole <= landmark_.offset) return std::string();
  return read_at(landmark_.offset, static_cast<size_t>(std::min<uint64_t>(most, whole - landmark_.offset)));
}

Result<Landmark> TailedFile::landmark_at(uint64_t offset) const {
  const auto size = static_cast<size_t>(std::min<uint64_t>(offset, kLandmarkBytes));
  CLEW_ASSIGN(const std::string head, read_at(0, size));
  CLEW_ASSIGN(const std::string tail, read_at(offset - size, size));
  // Shorter than it should be: cut short in the meantime.
  if (head.size() < size || tail.size() < size) return Landmark{};
  return Landmark{offset, hash_of(head), hash_of(tail)};
}

bool TailedFile::matches(const Landmark& landmark) const {
  if (landmark.offset == 0) return false;
  const auto here = landmark_at(landmark.offset);
  return here.ok() && *here == landmark;
}

Status TailedFile::skip_to_end() {
  CLEW_ASSIGN(const uint64_t end, size());
  CLEW_ASSIGN(landmark_, landmark_at(end));
  return {};
}

Result<bool> TailedFile::begin_anew_if_truncated() {
  if (landmark_.offset == 0) return false;
  CLEW_ASSIGN(const uint64_t whole, size());
  if (whole >= landmark_.offset && matches(landmark_)) return false;
  landmark_ = {};
  return true;
}

Status TailedFile::advance(uint64_t bytes) {
  CLEW_ASSIGN(landmark_, landmark_at(landmark_.offset + bytes));
  return {};
}

}  // namespace clew::pipeline
