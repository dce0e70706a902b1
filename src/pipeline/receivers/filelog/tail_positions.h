// TailPositions: how far files were read, kept over restarts in a file of a storage extension.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "pipeline/receivers/filelog/tailed_file.h"

namespace clew::pipeline {

struct TailPosition {
  std::string path;
  Landmark landmark;
  bool operator==(const TailPosition&) const = default;
};

class TailPositions {
 public:
  // Reads what is there. A file that is damaged is an error: it would be a guess where to go on.
  static Result<TailPositions> open(const std::string& directory, FileSystem& files);
  const std::vector<TailPosition>& saved() const { return saved_; }
  // On disk and synced when it returns; nothing is done when nothing has changed.
  Status save(std::vector<TailPosition> positions);

 private:
  TailPositions(std::string path, FileSystem& files) : path_(std::move(path)), files_(&files) {}

  std::string path_;
  FileSystem* files_;
  std::vector<TailPosition> saved_;
};

}  // namespace clew::pipeline
