#include "protocols/cloudwatch_logs/line_links.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace clew::cloudwatch_logs {
namespace {

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_hex(std::string_view line, size_t at, size_t count) {
  if (at > line.size() || line.size() - at < count) return false;
  return std::all_of(line.begin() + static_cast<ptrdiff_t>(at),
                     line.begin() + static_cast<ptrdiff_t>(at + count), [](char c) { return is_hex(c); });
}

// The name that a value at `value` has: {"trace_id": "…, dd.trace-id=…, traceId …; letters only, in small.
std::string name_before(std::string_view line, size_t value) {
  constexpr std::string_view kBetween = "\"' :=\\";
  size_t end = value;
  while (end > 0 && kBetween.find(line[end - 1]) != std::string_view::npos) --end;
  std::string name;
  for (size_t at = end; at > 0 && end - at < 40; --at) {
    const auto c = static_cast<unsigned char>(line[at - 1]);
    if (std::isalnum(c) != 0) {
      name += static_cast<char>(std::tolower(c));
    } else if (c != '_' && c != '-' && c != '.') {
      break;
    }
  }
  std::reverse(name.begin(), name.end());
  return name;
}

// A span that stands behind a trace: Parent=…, span_id=…, "spanId":"….
std::optional<SpanId> span_behind(std::string_view line, size_t from) {
  constexpr size_t kNear = 120;
  const size_t end = std::min(line.size(), from + kNear);
  for (size_t at = from; at + 16 <= end; ++at) {
    if (!is_hex(line[at]) || is_hex(line[at - 1]) || !is_hex(line, at, 16)) continue;
    if (at + 16 < line.size() && is_hex(line[at + 16])) continue;
    const std::string name = name_before(line, at);
    if (name.ends_with("spanid") || name.ends_with("parent")) return SpanId::from_hex(line.substr(at, 16));
  }
  return std::nullopt;
}

// The hex digits from `at` on, `count` in all, that are of a trace by what stands around them.
std::optional<LineLinks> trace_at(std::string_view line, size_t at, size_t count) {
  if (count == 8 && at >= 2 && line[at - 1] == '-' && line[at - 2] == '1' &&
      (at < 3 || !is_hex(line[at - 3])) && at + 8 < line.size() && line[at + 8] == '-' &&
      is_hex(line, at + 9, 24)) {
    return LineLinks{parse_trace_id(line.substr(at - 2, 35)), span_behind(line, at + 33)};
  }
  if (count != 32) return std::nullopt;
  const bool is_traceparent = at >= 3 && line.substr(at - 3, 3) == "00-" && at + 32 < line.size() &&
                              line[at + 32] == '-' && is_hex(line, at + 33, 16);
  if (is_traceparent)
    return LineLinks{parse_trace_id(line.substr(at, 32)), SpanId::from_hex(line.substr(at + 33, 16))};
  if (!name_before(line, at).ends_with("traceid")) return std::nullopt;
  return LineLinks{parse_trace_id(line.substr(at, 32)), span_behind(line, at + 32)};
}

struct Level {
  std::string_view word;
  int32_t severity;
};
constexpr std::array kLevels = {
    Level{"trace", 1},  Level{"silly", 1},       Level{"verbose", 5}, Level{"debug", 5},
    Level{"info", 9},   Level{"information", 9}, Level{"http", 9},    Level{"notice", 10},
    Level{"warn", 13},  Level{"warning", 13},    Level{"err", 17},    Level{"error", 17},
    Level{"crit", 18},  Level{"critical", 18},   Level{"alert", 19},  Level{"fatal", 21},
    Level{"panic", 21}, Level{"emerg", 21},
};

}  // namespace

LineLinks links_in(std::string_view line) {
  for (size_t at = 0; at < line.size();) {
    if (!is_hex(line[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < line.size() && is_hex(line[end])) ++end;
    if (const std::optional<LineLinks> found = trace_at(line, at, end - at)) {
      if (found->trace && !found->trace->is_zero()) return *found;
    }
    at = end;
  }
  return {};
}

int32_t severity_of_word(std::string_view word) {
  std::string small(word.substr(0, 12));
  for (char& c : small) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const Level& level : kLevels)
    if (level.word == small) return level.severity;
  return 0;
}

int32_t severity_in(std::string_view line) {
  constexpr size_t kNear = 80;
  const std::string_view head = line.substr(0, kNear);
  for (size_t at = 0; at < head.size();) {
    if (std::isalpha(static_cast<unsigned char>(head[at])) == 0) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < head.size() && std::isalpha(static_cast<unsigned char>(head[end])) != 0) ++end;
    const std::string_view word = head.substr(at, end - at);
    const bool in_capitals =
        std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isupper(c) != 0; });
    const bool in_brackets = at > 0 && head[at - 1] == '[' && end < head.size() && head[end] == ']';
    const std::string_view behind = line.substr(end, 3);
    const bool first_before_mark = at == 0 && (behind.starts_with(":") || behind.starts_with(" - "));
    const bool named = at > 0 && name_before(line, at).ends_with("level");
    if (in_capitals || in_brackets || first_before_mark || named) {
      if (const int32_t severity = severity_of_word(word)) return severity;
    }
    at = end;
  }
  return 0;
}

}  // namespace clew::cloudwatch_logs
