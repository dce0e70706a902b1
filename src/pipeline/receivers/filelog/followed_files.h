// FollowedFiles: the files that patterns name at the moment, each with how far it was read. Files that were
// renamed, copied or removed are known again, or read to their end.
#pragma once

#include <list>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"
#include "pipeline/receivers/filelog/tail_positions.h"
#include "pipeline/receivers/filelog/tailed_file.h"

namespace clew::pipeline {

struct FollowedFile {
  std::string path;
  TailedFile file;
  uint64_t seen_size = 0;
  Nanoseconds grown_at{};     // when seen_size changed
  Nanoseconds vanished_at{};  // 0: a pattern still leads to it
};

class FollowedFiles {
 public:
  struct Settings {
    std::vector<std::string> include, exclude;
    bool from_beginning = false;  // files that are there when this begins; later ones always are
  };
  FollowedFiles(Settings settings, std::vector<TailPosition> known)
      : settings_(std::move(settings)), known_(std::move(known)) {}

  // Looks which files are there. A failure to open one is in `complaints`, once.
  void refresh(Nanoseconds at, std::vector<std::string>& complaints);
  std::list<FollowedFile>& all() { return followed_; }
  // Of all files, and of some that are gone, which may come again under another name.
  std::vector<TailPosition> positions() const;

 private:
  void follow(const std::string& path, Nanoseconds at, std::vector<std::string>& complaints);
  const Landmark* landmark_of(const std::string& path, const TailedFile& file) const;
  void forget_vanished(Nanoseconds at);

  const Settings settings_;
  std::list<FollowedFile> followed_;
  std::vector<TailPosition> known_;  // of files that are not followed; the oldest first
  std::set<std::string> complained_of_;
  bool is_first_ = true;
};

}  // namespace clew::pipeline
