// DaemonLog: lines as the X-Ray daemon writes them, "2023-03-01T12:00:00Z [Info] text", to standard output or
// into a file.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "protocols/xray/daemon_settings.h"

namespace clew::xray {

// Any thread.
class DaemonLog {
 public:
  // An empty `file` is standard output. With `rotate`, a file over 50 MB is put aside as <file>.1.
  static Result<std::unique_ptr<DaemonLog>> open(DaemonLogLevel least, const std::string& file, bool rotate);
  ~DaemonLog();

  void write(DaemonLogLevel level, std::string_view text);
  void debug(std::string_view text) { write(DaemonLogLevel::debug, text); }
  void info(std::string_view text) { write(DaemonLogLevel::info, text); }
  void warn(std::string_view text) { write(DaemonLogLevel::warn, text); }
  void error(std::string_view text) { write(DaemonLogLevel::error, text); }

 private:
  DaemonLog(DaemonLogLevel least, std::string file, bool rotate)
      : least_(least), path_(std::move(file)), rotate_(rotate) {}
  Status reopen();

  const DaemonLogLevel least_;
  const std::string path_;
  const bool rotate_;
  std::mutex mutex_;
  int descriptor_ = 1;  // guarded by mutex_
};

}  // namespace clew::xray
