// DirectoryLock: the right of one process to use a data directory, which it makes if need be
// (docs/format/directory.md).
#pragma once

#include <memory>
#include <string>

#include "base/file_system.h"
#include "base/result.h"

namespace clew::store {

constexpr uint32_t kDirectoryFormatVersion = 1;

class DirectoryLock {
 public:
  // Makes the directory and what belongs in it if it is missing or empty, checks that it is ours and of a
  // known version, and locks it until the object dies or the process ends. Every refusal says what to do:
  //   conflict     another process uses it (with its id), or it holds other things
  //   bad_input    it is not a directory
  //   forbidden    it cannot be written
  //   unsupported  a newer version made it
  //   corrupt      what belongs in it is missing or damaged
  static Result<std::unique_ptr<DirectoryLock>> acquire(FileSystem& system, const std::string& directory);

  const std::string& directory() const { return directory_; }

 private:
  DirectoryLock(std::string directory, std::unique_ptr<File> file)
      : directory_(std::move(directory)), file_(std::move(file)) {}

  const std::string directory_;
  const std::unique_ptr<File> file_;
};

}  // namespace clew::store
