#include "protocols/xray/input.h"

#include <fmt/format.h>

#include "protocols/aws/errors.h"

namespace clew::xray {

std::optional<UnixNanos> Input::time(std::string_view name) {
  const JsonValue* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->string() != nullptr) {
    Result<UnixNanos> parsed = parse_time(*value->string(), now());
    if (parsed.ok()) return *parsed;
  } else if (const std::optional<double> number = value->number()) {
    constexpr double kSurelyMilliseconds = 1e11, kLatest = 9e9;
    const double since = *number >= kSurelyMilliseconds ? *number / 1e3 : *number;
    if (since >= 0 && since < kLatest) return UnixNanos{static_cast<int64_t>(since * 1e6) * 1000};
  }
  refuse(aws::serialization_failed(fmt::format("{} must be a number of seconds since 1970", name)));
  return std::nullopt;
}

TimeRange Input::range() {
  for (const std::string_view name : {"StartTime", "EndTime"}) require(name);
  const std::optional<UnixNanos> from = time("StartTime"), to = time("EndTime");
  if (!from || !to) return {};
  if (*from >= *to) {
    refuse(std::string("EndTime must be after StartTime"));
    return {};
  }
  return {*from, *to};
}

std::string next_place(Input& input, std::string_view list) {
  const std::optional<std::string> token = input.text("NextToken");
  if (!token || token->empty()) return {};
  std::optional<std::string> place = place_in(list, *token);
  if (!place) input.refuse(std::string("Invalid NextToken"));
  return place.value_or("");
}

}  // namespace clew::xray
