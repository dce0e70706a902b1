// The program's log: one line an event on standard error, `2026-03-01T12:00:00Z WARN store: message`.
// Never called per item, so that a flood of bad input cannot become a flood of log lines (counters do that).
#pragma once

#include <string_view>

namespace clew {

enum class LogLevel { debug, info, warning, error };

void set_log_level(LogLevel level);
// `room` is the part of the program that speaks: "net", "store", "otlp".
void log(LogLevel level, std::string_view room, std::string_view message);
inline void log_info(std::string_view room, std::string_view message) {
  log(LogLevel::info, room, message);
}
inline void log_warning(std::string_view room, std::string_view message) {
  log(LogLevel::warning, room, message);
}
inline void log_error(std::string_view room, std::string_view message) {
  log(LogLevel::error, room, message);
}

// Stops the program: an invariant of ours is broken, and going on would do harm.
[[noreturn]] void bug(std::string_view message);

}  // namespace clew
