#include "pipeline/exporters/rotating_file.h"

#include <algorithm>
#include <ctime>
#include <vector>

#include <fmt/format.h>

#include "base/log.h"

namespace clew::pipeline {
namespace {

// "traces.json" in its two halves, between which the time is put.
struct NameHalves {
  std::string prefix;  // with the dash that comes before the time
  std::string extension;
};

NameHalves halves_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {std::string(name) + "-", ""};
  return {std::string(name.substr(0, dot)) + "-", std::string(name.substr(dot))};
}

// "2026-03-01T12-00-00.000": sorted by name is sorted by time.
std::string time_in_name(UnixNanos at, bool local) {
  const std::time_t whole = at.count / 1'000'000'000;
  std::tm parts{};
  if (local)
    localtime_r(&whole, &parts);
  else
    gmtime_r(&whole, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}-{:02}-{:02}.{:03}", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, at.count / 1'000'000 % 1000);
}

constexpr size_t kTimeLength = std::string_view("2026-03-01T12-00-00.000").size();

bool looks_like_time(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00T00-00-00.000";
  return text.size() == kShape.size() &&
         std::equal(text.begin(), text.end(), kShape.begin(),
                    [](char c, char shape) { return shape == '0' ? c >= '0' && c <= '9' : c == shape; });
}

}  // namespace

Result<std::unique_ptr<RotatingFile>> RotatingFile::open(RotatingFileSettings settings, FileSystem& files) {
  const bool keeps = settings.appends || settings.rotation;
  std::unique_ptr<RotatingFile> file(new RotatingFile(std::move(settings), files));
  CLEW_TRY(file->open_file(keeps ? OpenMode::open_or_create : OpenMode::replace));
  return file;
}

Status RotatingFile::open_file(OpenMode mode) {
  CLEW_ASSIGN(file_, files_.open(settings_.path, mode));
  CLEW_ASSIGN(size_, file_->size());
  has_rest_ = false;
  return {};
}

Status RotatingFile::append(std::string_view bytes, UnixNanos at) {
  // A file that could not be opened again after it was set aside.
  if (!file_) CLEW_TRY(open_file(OpenMode::open_or_create));
  if (has_rest_) {
    CLEW_TRY(file_->truncate(size_));
    has_rest_ = false;
  }
  // One that is larger than the limit by itself gets a file for itself.
  const uint64_t limit = settings_.rotation ? settings_.rotation->max_bytes : UINT64_MAX;
  if (size_ > 0 && (size_ >= limit || bytes.size() > limit - size_)) CLEW_TRY(set_aside(at));
  Status appended = file_->append(bytes);
  if (!appended.ok()) {
    has_rest_ = !file_->truncate(size_).ok();
    return appended;
  }
  size_ += bytes.size();
  return {};
}

Status RotatingFile::set_aside(UnixNanos at) {
  CLEW_ASSIGN(const std::string name, free_name(at));
  CLEW_TRY(files_.rename(settings_.path, name));
  file_.reset();
  remove_old(at);
  return open_file(OpenMode::open_or_create);
}

Result<std::string> RotatingFile::free_name(UnixNanos at) {
  const NameHalves halves = halves_of(settings_.path);
  // A rename would replace what was set aside in the same millisecond.
  for (;; at = at + milliseconds(1)) {
    std::string name =
        join_path(parent_path(settings_.path),
                  halves.prefix + time_in_name(at, settings_.rotation->local_time) + halves.extension);
    CLEW_ASSIGN(const bool taken, files_.exists(name));
    if (!taken) return name;
  }
}

// What cannot be removed stays, and is tried again the next time.
void RotatingFile::remove_old(UnixNanos at) {
  const Rotation& rotation = *settings_.rotation;
  if (rotation.max_backups == 0 && rotation.max_days == 0) return;
  const NameHalves halves = halves_of(settings_.path);
  const std::string directory = parent_path(settings_.path);
  const auto entries = files_.list(directory);
  if (!entries.ok()) return;
  std::vector<std::string> backups;  // the oldest first
  for (const DirectoryEntry& entry : *entries) {
    const std::string& name = entry.name;
    if (!entry.is_directory && name.size() == halves.prefix.size() + kTimeLength + halves.extension.size() &&
        name.starts_with(halves.prefix) && name.ends_with(halves.extension) &&
        looks_like_time(std::string_view(name).substr(halves.prefix.size(), kTimeLength)))
      backups.push_back(name);
  }
  const std::string oldest =
      halves.prefix +
      time_in_name(at - days(static_cast<int64_t>(std::min<uint64_t>(rotation.max_days, 36500))),
                   rotation.local_time);
  for (size_t i = 0; i < backups.size(); ++i) {
    const bool too_many = rotation.max_backups != 0 && backups.size() - i > rotation.max_backups;
    const bool too_old = rotation.max_days != 0 && backups[i] < oldest;
    if (!too_many && !too_old) continue;
    const Status removed = files_.remove(join_path(directory, backups[i]));
    if (!removed.ok()) log_warning("collector", fmt::format("file: {}", removed.message()));
  }
}

}  // namespace clew::pipeline
