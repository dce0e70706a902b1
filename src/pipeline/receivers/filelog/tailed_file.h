// TailedFile: a log file that grows, from the place up to which it was read. It is known by its content, so
// that it is found again after it was renamed or copied, and a file that was emptied and written anew is not
// taken for the old one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "net/file_descriptor.h"

namespace clew::pipeline {

// How far a file was read, and what stood at its beginning and just before that place.
struct Landmark {
  uint64_t offset = 0;
  uint64_t head_hash = 0;
  uint64_t tail_hash = 0;
  bool operator==(const Landmark&) const = default;
};

using FileIdentity = std::pair<uint64_t, uint64_t>;  // device and inode

class TailedFile {
 public:
  static Result<TailedFile> open(const std::string& path);

  const FileIdentity& identity() const { return identity_; }
  const Landmark& landmark() const { return landmark_; }
  Result<uint64_t> size() const;

  // Whether this is the file, or a copy of it, of which the landmark was taken.
  bool matches(const Landmark& landmark) const;
  void continue_at(const Landmark& landmark) { landmark_ = landmark; }
  Status skip_to_end();
  // Whether the file was emptied, or begun anew, since it was read. It is read from its beginning then.
  Result<bool> begin_anew_if_truncated();
  // What follows, up to `most` bytes.
  Result<std::string> read(size_t most) const;
  // So many of the bytes that read() gave are done with.
  Status advance(uint64_t bytes);

 private:
  TailedFile(net::FileDescriptor file, FileIdentity identity) : file_(std::move(file)), identity_(identity) {}
  Result<std::string> read_at(uint64_t offset, size_t most) const;
  Result<Landmark> landmark_at(uint64_t offset) const;

  net::FileDescriptor file_;
  FileIdentity identity_;
  Landmark landmark_;
};

// Of the file that a path leads to; nothing when there is none.
std::optional<FileIdentity> identity_of(const std::string& path);

}  // namespace clew::pipeline
