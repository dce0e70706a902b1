// The data directory: created, checked and held by one clew at a time.
#pragma once

#include <memory>
#include <string>

#include "base/file_system.h"
#include "base/result.h"

namespace clew::app {

class DataDirectory {
 public:
  // Creates the directory when it is missing (its parent must exist), makes sure that it can be written to,
  // and takes its lock. Failures say what to do; `conflict` names the process that holds the lock.
  static Result<DataDirectory> claim(const std::string& path);
  const std::string& path() const { return path_; }

 private:
  DataDirectory(std::string path, std::unique_ptr<File> lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}
  std::string path_;
  std::unique_ptr<File> lock_;  // held until destroyed
};

// For commands that read or write the control database beside a running server: fails when nothing was ever
// kept in `path` and `create` was not asked for.
enum class IfMissing : uint8_t { create, fail };
Status check_data_directory(const std::string& path, IfMissing if_missing);

}  // namespace clew::app
