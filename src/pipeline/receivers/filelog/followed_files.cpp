#include "pipeline/receivers/filelog/followed_files.h"

#include <algorithm>
#include <map>

#include "pipeline/receivers/filelog/path_patterns.h"

namespace clew::pipeline {
namespace {

// Whoever writes a file may go on for a while after it was renamed or removed.
constexpr Nanoseconds kReadAfterVanishing = seconds(30);
// Below that, files of other names may begin alike by chance.
constexpr uint64_t kTellingBytes = 1000;
constexpr size_t kMostKnown = 1000;

}  // namespace

void FollowedFiles::refresh(Nanoseconds at, std::vector<std::string>& complaints) {
  std::map<FileIdentity, std::string> there;
  for (const std::string& path : find_files(settings_.include, settings_.exclude))
    if (const auto identity = identity_of(path)) there.emplace(*identity, path);
  for (FollowedFile& one : followed_) {
    const auto found = there.find(one.file.identity());
    if (found != there.end()) {
      one.path = found->second;
      one.vanished_at = {};
      there.erase(found);
    } else if (one.vanished_at.count == 0) {
      one.vanished_at = at;
    }
  }
  // A copy is recognised by the original, so it is looked at before anything is read of either.
  for (const auto& [identity, path] : there) follow(path, at, complaints);
  // Only now: the one that had this name may have come back under another.
  for (const auto& [identity, path] : there)
    std::erase_if(known_, [&of_path = path](const TailPosition& one) { return one.path == of_path; });
  forget_vanished(at);
  is_first_ = false;
}

void FollowedFiles::follow(const std::string& path, Nanoseconds at, std::vector<std::string>& complaints) {
  auto opened = TailedFile::open(path);
  if (!opened.ok()) {
    if (complained_of_.size() < kMostKnown && complained_of_.insert(path).second)
      complaints.emplace_back(opened.status().message());
    return;
  }
  const auto is_of_path = [&](const TailPosition& one) { return one.path == path; };
  if (const Landmark* landmark = landmark_of(path, *opened)) {
    opened->continue_at(*landmark);
  } else if (is_first_ && !settings_.from_beginning &&
             // What follows a file that we have read under this name is new, too.
             std::none_of(known_.begin(), known_.end(), is_of_path)) {
    if (!opened->skip_to_end().ok()) return;
  }
  followed_.push_back(
      {.path = path, .file = std::move(*opened), .seen_size = 0, .grown_at = at, .vanished_at = {}});
}

const Landmark* FollowedFiles::landmark_of(const std::string& path, const TailedFile& file) const {
  const Landmark* best = nullptr;
  const auto consider = [&](const std::string& of_path, const Landmark& landmark) {
    if (of_path != path && landmark.offset < kTellingBytes) return;
    if ((best == nullptr || landmark.offset > best->offset) && file.matches(landmark)) best = &landmark;
  };
  for (const TailPosition& one : known_) consider(one.path, one.landmark);
  for (const FollowedFile& one : followed_) consider(one.path, one.file.landmark());
  return best;
}

void FollowedFiles::forget_vanished(Nanoseconds at) {
  for (auto one = followed_.begin(); one != followed_.end();) {
    const bool is_over = one->vanished_at.count != 0 &&
                         at.count - one->vanished_at.count > kReadAfterVanishing.count &&
                         at.count - one->grown_at.count > kReadAfterVanishing.count;
    if (is_over && one->file.size().ok() && one->file.size().value() <= one->file.landmark().offset) {
      if (one->file.landmark().offset >= kTellingBytes) known_.push_back({one->path, one->file.landmark()});
      one = followed_.erase(one);
    } else {
      ++one;
    }
  }
  if (known_.size() > kMostKnown)
    known_.erase(known_.begin(), known_.begin() + static_cast<std::ptrdiff_t>(known_.size() - kMostKnown));
}

std::vector<TailPosition> FollowedFiles::positions() const {
  std::vector<TailPosition> all = known_;
  for (const FollowedFile& one : followed_) all.push_back({one.path, one.file.landmark()});
  return all;
}

}  // namespace clew::pipeline
