// RotatingFile: a file that is appended to and, when it has grown enough, set aside under a name with the
// time
// ("traces-2026-03-01T12-00-00.000.json"), of which only so many are kept.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/file_system.h"
#include "base/time.h"

namespace clew::pipeline {

struct Rotation {
  uint64_t max_bytes = uint64_t{100} << 20;
  uint64_t max_days = 0;       // 0: of any age
  uint64_t max_backups = 100;  // 0: as many as there are
  bool local_time = false;     // of the names
};

struct RotatingFileSettings {
  std::string path;
  bool appends = false;  // to what is there at the start; with rotation always
  std::optional<Rotation> rotation;
};

// One thread at a time.
class RotatingFile {
 public:
  static Result<std::unique_ptr<RotatingFile>> open(RotatingFileSettings settings, FileSystem& files);

  // All of it or nothing: after a failure the file is as it was. `at` names what is set aside.
  Status append(std::string_view bytes, UnixNanos at);

 private:
  RotatingFile(RotatingFileSettings settings, FileSystem& files)
      : settings_(std::move(settings)), files_(files) {}
  Status open_file(OpenMode mode);
  Status set_aside(UnixNanos at);
  void remove_old(UnixNanos at);
  Result<std::string> free_name(UnixNanos at);

  const RotatingFileSettings settings_;
  FileSystem& files_;
  std::unique_ptr<File> file_;
  uint64_t size_ = 0;
  bool has_rest_ = false;  // a failed append may have left something behind size_
};

}  // namespace clew::pipeline
