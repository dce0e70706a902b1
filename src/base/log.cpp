#include "base/log.h"

#include <atomic>
#include <cstdlib>
#include <unistd.h>

#include <fmt/format.h>

#include "base/time.h"

namespace clew {
namespace {

std::atomic<LogLevel> threshold{LogLevel::info};

constexpr std::string_view kNames[] = {"DEBUG", "INFO", "WARN", "ERROR"};

}  // namespace

void set_log_level(LogLevel level) {
  threshold = level;
}

void log(LogLevel level, std::string_view room, std::string_view message) {
  if (level < threshold.load(std::memory_order_relaxed)) return;
  const UnixNanos whole_second{now().count / 1'000'000'000 * 1'000'000'000};
  std::string line =
      fmt::format("{} {} {}: {}", to_rfc3339(whole_second), kNames[static_cast<int>(level)], room, message);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ')
      c = ' ';  // one event stays one line, whatever a sender put into it
  }
  line += '\n';
  // One write, so that lines of several threads do not mix.
  if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return;
}

void bug(std::string_view message) {
  log(LogLevel::error, "BUG", message);
  std::abort();
}

}  // namespace clew
