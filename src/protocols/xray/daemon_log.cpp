#include "protocols/xray/daemon_log.h"

#include <array>
#include <cstdio>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/time.h"

namespace clew::xray {
namespace {

constexpr off_t kLargestFile = off_t{50} << 20;
constexpr std::array<std::string_view, 4> kNames = {"Debug", "Info", "Warn", "Error"};

}  // namespace

Result<std::unique_ptr<DaemonLog>> DaemonLog::open(DaemonLogLevel least, const std::string& file,
                                                   bool rotate) {
  std::unique_ptr<DaemonLog> log(new DaemonLog(least, file, rotate));
  CLEW_TRY(log->reopen());
  return log;
}

DaemonLog::~DaemonLog() {
  if (!path_.empty() && descriptor_ >= 0) ::close(descriptor_);
}

Status DaemonLog::reopen() {
  if (path_.empty()) return Status();
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor_ < 0)
    return Status(ErrorKind::unavailable,
                  fmt::format("cannot write the log {}: {}", path_, std::generic_category().message(errno)));
  return Status();
}

void DaemonLog::write(DaemonLogLevel level, std::string_view text) {
  if (level < least_) return;
  const UnixNanos whole_second{now().count / 1'000'000'000 * 1'000'000'000};
  std::string line =
      fmt::format("{} [{}] {}", to_rfc3339(whole_second), kNames[static_cast<size_t>(level)], text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  line += '\n';
  const std::lock_guard lock(mutex_);
  struct stat file {};
  if (rotate_ && !path_.empty() && fstat(descriptor_, &file) == 0 && file.st_size > kLargestFile) {
    ::close(descriptor_);
    std::rename(path_.c_str(), (path_ + ".1").c_str());
    if (!reopen().ok()) descriptor_ = STDOUT_FILENO;
  }
  // One write, so that lines of several threads do not mix.
  if (::write(descriptor_, line.data(), line.size()) < 0) return;
}

}  // namespace clew::xray
