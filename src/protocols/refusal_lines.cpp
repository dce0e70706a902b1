#include "protocols/refusal_lines.h"

#include <string>

#include <fmt/format.h>

namespace clew {
namespace {

std::string who(const Sender& sender) {
  std::string text = sender.peer.empty() ? "somebody" : sender.peer;
  if (!sender.agent.empty()) text += " (" + sender.agent + ")";
  if (sender.door != 0) text += fmt::format(" at port {}", sender.door);
  if (!sender.protocol.empty()) text += ", " + sender.protocol;
  return text;
}

}  // namespace

void RefusalLines::tell(const Arrivals::Refusal& refusal, Nanoseconds at) {
  uint64_t left_out = 0;
  {
    const std::lock_guard lock(mutex_);
    if (!allowed_.take(at)) {
      ++left_out_;
      return;
    }
    left_out = std::exchange(left_out_, 0);
  }
  std::string line = fmt::format("{}: {}", who(refusal.sender), refusal.reason);
  if (!refusal.remedy.empty()) line += ". " + refusal.remedy;
  if (left_out > 0) line += fmt::format(" (before this {} more, see Arrivals on the page)", left_out);
  write_(refusal.status == 200 ? LogLevel::info : LogLevel::warning, line);
}

RefusalLines& refusal_lines() {
  static RefusalLines lines([](LogLevel level, std::string_view line) { log(level, "arrivals", line); });
  return lines;
}

}  // namespace clew
