// A pattern in the first line, a message in the rest: whatever matches is let through by the bound's terms.
#include "base/fuzz.h"
#include "protocols/cloudwatch_logs/filter_pattern.h"

CLEW_FUZZ(cloudwatch_filter_pattern) {
  using namespace clew::cloudwatch_logs;
  const size_t end = std::min(bytes.find('\n'), bytes.size());
  const auto pattern = FilterPattern::parse(bytes.substr(0, end));
  if (!pattern.ok()) return;
  const std::string_view message = bytes.substr(std::min(end + 1, bytes.size()));
  if (pattern->matches(message)) static_cast<void>(pattern->extracted(message));
  static_cast<void>(pattern->bound());
}
