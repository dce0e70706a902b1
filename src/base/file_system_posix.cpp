// The real disk, through POSIX calls.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>

#include "base/direct_writer.h"
#include "base/file_system.h"

namespace clew {
namespace {

// What a failed call means to a caller, and what a person can do about it.
Status failure(int error, std::string_view doing, const std::string& path) {
  const auto make = [&](ErrorKind kind, std::string_view sentence) {
    return Status(kind, std::string(doing) + ": " + std::string(sentence) + ": " + path);
  };
  switch (error) {
    case ENOSPC:
      return make(ErrorKind::exhausted, "the disk is full; free some space on it, no restart is needed");
    case EDQUOT:
      return make(ErrorKind::exhausted, "the disk quota is used up; free some space or raise the quota");
    case EFBIG:
      return make(ErrorKind::exhausted, "the file would exceed the largest allowed size (ulimit -f)");
    case EMFILE:
      return make(ErrorKind::exhausted, "this process has too many files open; raise ulimit -n");
    case ENFILE:
      return make(ErrorKind::exhausted, "the system has too many files open; raise fs.file-max");
    case ENOMEM:
      return make(ErrorKind::exhausted, "the system is out of memory");
    case EACCES:
    case EPERM:
      return make(ErrorKind::forbidden, "permission denied; give the user clew runs as access to it");
    case EROFS:
      return make(ErrorKind::forbidden, "the file system is mounted read-only");
    case ENOENT:
      return make(ErrorKind::not_found, "there is no such file or directory");
    case EEXIST:
      return make(ErrorKind::conflict, "it exists already");
    case ENOTEMPTY:
      return make(ErrorKind::conflict, "the directory is not empty");
    case ENOTDIR:
      return make(ErrorKind::bad_input, "a part of the path is not a directory");
    case EISDIR:
      return make(ErrorKind::bad_input, "it is a directory, not a file");
    case ENAMETOOLONG:
      return make(ErrorKind::bad_input, "the path is too long");
    case EXDEV:
      return make(ErrorKind::unsupported, "both names must be on the same file system");
    case EIO:
      return make(ErrorKind::unavailable, "the disk reports an input/output error; see the system's log");
    default: {
      std::array<char, 128> text{};
      return make(ErrorKind::internal, strerror_r(error, text.data(), text.size()));
    }
  }
}

// Calls again while a signal interrupts.
template <typename Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

class PosixFile final : public File {
 public:
  PosixFile(int descriptor, std::string path, std::unique_ptr<DirectWriter> direct)
      : descriptor_(descriptor), path_(std::move(path)), direct_(std::move(direct)) {}
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;
  ~PosixFile() override {
    direct_.reset();
    ::close(descriptor_);
  }

  const std::string& path() const override { return path_; }

  Result<size_t> read_at(uint64_t offset, std::span<char> into) const override {
    size_t done = 0;
    while (done < into.size()) {
      const ssize_t got = uninterrupted([&] {
        return ::pread(descriptor_, into.data() + done, into.size() - done,
                       static_cast<off_t>(offset + done));
      });
      if (got < 0) return failure(errno, "reading a file", path_);
      if (got == 0) break;
      done += static_cast<size_t>(got);
    }
    return done;
  }

  Status append(std::span<const std::string_view> pieces) override {
    if (direct_) {
      const int error = direct_->append(pieces);
      return error == 0 ? Status() : failure(error, "writing a file", path_);
    }
    // As many as one writev takes (IOV_MAX is 1024 on Linux).
    constexpr size_t kPiecesACall = 1024;
    std::array<iovec, kPiecesACall> vectors;
    size_t next = 0;     // the first piece that is not written completely …
    size_t written = 0;  // … and how much of it is
    while (next < pieces.size()) {
      size_t count = 0;
      for (size_t i = next; i < pieces.size() && count < kPiecesACall; ++i) {
        const std::string_view piece = pieces[i].substr(i == next ? written : 0);
        vectors[count++] = {const_cast<char*>(piece.data()), piece.size()};
      }
      const ssize_t got =
          uninterrupted([&] { return ::writev(descriptor_, vectors.data(), static_cast<int>(count)); });
      if (got < 0) return failure(errno, "writing a file", path_);
      size_t left = static_cast<size_t>(got);
      while (next < pieces.size() && left >= pieces[next].size() - written) {
        left -= pieces[next].size() - written;
        written = 0;
        ++next;
      }
      written += left;
    }
    return {};
  }

  Status sync() override {
    if (uninterrupted([&] { return ::fdatasync(descriptor_); }) != 0) {
      return failure(errno, "syncing a file", path_);
    }
    return {};
  }

  Status truncate(uint64_t size) override {
    if (direct_) {
      const int error = direct_->truncate(size);
      return error == 0 ? Status() : failure(error, "truncating a file", path_);
    }
    if (uninterrupted([&] { return ::ftruncate(descriptor_, static_cast<off_t>(size)); }) != 0) {
      return failure(errno, "truncating a file", path_);
    }
    return {};
  }

  Result<uint64_t> size() const override {
    if (direct_) return direct_->size();
    struct stat found {};
    if (::fstat(descriptor_, &found) != 0) return failure(errno, "reading the size of a file", path_);
    return static_cast<uint64_t>(found.st_size);
  }

  Result<bool> try_lock() override {
    if (uninterrupted([&] { return ::flock(descriptor_, LOCK_EX | LOCK_NB); }) == 0) return true;
    if (errno == EWOULDBLOCK) return false;
    return failure(errno, "locking a file", path_);
  }

 private:
  const int descriptor_;
  const std::string path_;
  std::unique_ptr<DirectWriter> direct_;  // what appends, if anything but the descriptor does
};

int flags_of(OpenMode mode) {
  switch (mode) {
    case OpenMode::read:
      return O_RDONLY;
    case OpenMode::append:
      return O_RDWR | O_APPEND;
    case OpenMode::create:
      return O_RDWR | O_APPEND | O_CREAT | O_EXCL;
    case OpenMode::replace:
    case OpenMode::log:
      return O_RDWR | O_APPEND | O_CREAT | O_TRUNC;
    case OpenMode::open_or_create:
      return O_RDWR | O_APPEND | O_CREAT;
  }
  return O_RDONLY;
}

class PosixFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
    const int descriptor =
        uninterrupted([&] { return ::open(path.c_str(), flags_of(mode) | O_CLOEXEC, 0640); });
    if (descriptor < 0)
      return failure(errno, mode == OpenMode::read ? "opening a file" : "creating a file", path);
    std::unique_ptr<DirectWriter> direct;
    if (mode == OpenMode::log) direct = DirectWriter::open(path, descriptor);
    return std::unique_ptr<File>(std::make_unique<PosixFile>(descriptor, path, std::move(direct)));
  }

  Result<FileInfo> info(const std::string& path) override {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return failure(errno, "looking at a file", path);
    return FileInfo{static_cast<uint64_t>(found.st_size), S_ISDIR(found.st_mode)};
  }

  Status rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return failure(errno, "renaming " + from, to);
    return {};
  }

  Status remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return failure(errno, "removing a file", path);
    return {};
  }

  Status hard_link(const std::string& existing, const std::string& link) override {
    if (::link(existing.c_str(), link.c_str()) != 0) return failure(errno, "linking " + existing, link);
    return {};
  }

  Result<std::vector<DirectoryEntry>> list(const std::string& directory) override {
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(directory.c_str()), &::closedir);
    if (stream == nullptr) return failure(errno, "listing a directory", directory);
    std::vector<DirectoryEntry> entries;
    for (;;) {
      errno = 0;
      const dirent* entry = ::readdir(stream.get());
      if (entry == nullptr) break;
      const std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      bool is_directory = entry->d_type == DT_DIR;
      if (entry->d_type == DT_UNKNOWN || entry->d_type == DT_LNK) {
        // Some file systems do not tell; and a link is what it points to. One that points nowhere is a file.
        Result<FileInfo> found = info(join_path(directory, name));
        is_directory = found.ok() && found->is_directory;
      }
      entries.push_back({name, is_directory});
    }
    if (errno != 0) return failure(errno, "listing a directory", directory);
    std::sort(entries.begin(), entries.end(),
              [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.name < b.name; });
    return entries;
  }

  Status make_directory(const std::string& path) override {
    if (::mkdir(path.c_str(), 0750) == 0) return {};
    const int error = errno;
    if (error == EEXIST) {
      CLEW_ASSIGN(const FileInfo found, info(path));
      if (found.is_directory) return {};
      return failure(ENOTDIR, "making a directory", path);
    }
    return failure(error, "making a directory", path);
  }

  Status remove_directory(const std::string& path) override {
    if (::rmdir(path.c_str()) != 0) return failure(errno, "removing a directory", path);
    return {};
  }

  Status sync_directory(const std::string& path) override {
    const int descriptor =
        uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    if (descriptor < 0) return failure(errno, "opening a directory", path);
    const int result = uninterrupted([&] { return ::fsync(descriptor); });
    const int error = errno;
    ::close(descriptor);
    if (result != 0) return failure(error, "syncing a directory", path);
    return {};
  }

  Result<DiskSpace> space(const std::string& path) override {
    struct statvfs found {};
    if (uninterrupted([&] { return ::statvfs(path.c_str(), &found); }) != 0) {
      return failure(errno, "asking for the free space of a disk", path);
    }
    return DiskSpace{.available = static_cast<uint64_t>(found.f_bavail) * found.f_frsize,
                     .total = static_cast<uint64_t>(found.f_blocks) * found.f_frsize};
  }
};

}  // namespace

FileSystem& real_file_system() {
  static PosixFileSystem disk;
  return disk;
}

}  // namespace clew
