#include "protocols/cloudwatch_logs/insights_value.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/time.h"

namespace clew::cloudwatch_logs::insights {
namespace {

std::string text_of_time(int64_t milliseconds) {
  constexpr int64_t kMost = INT64_MAX / 1'000'000;
  if (milliseconds > kMost || milliseconds < -kMost) return std::to_string(milliseconds);
  std::string text = to_rfc3339({milliseconds * 1'000'000});  // 2026-03-01T12:00:00[.123]Z
  const size_t t = text.find('T'), end = text.find_first_of(".Z", t == std::string::npos ? 0 : t);
  if (t == std::string::npos || end == std::string::npos) return text;
  text[t] = ' ';
  const int64_t fraction = ((milliseconds % 1000) + 1000) % 1000;
  return fmt::format("{}.{:03}", text.substr(0, end), fraction);
}

}  // namespace

std::string to_text(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) {
    if (std::nearbyint(*number) == *number && std::abs(*number) < 1e15)
      return std::to_string(static_cast<int64_t>(*number));
    return fmt::format("{}", *number);
  }
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* moment = std::get_if<Moment>(&value)) return text_of_time(moment->milliseconds);
  if (const auto* json = std::get_if<JsonValue>(&value)) return json->text();
  return {};
}

std::optional<double> to_number(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* moment = std::get_if<Moment>(&value)) return static_cast<double>(moment->milliseconds);
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr || text->empty()) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  const bool whole = error == std::errc() && end == text->data() + text->size() && std::isfinite(number);
  return whole ? std::optional(number) : std::nullopt;
}

bool is_true(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number != 0;
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr && (*text == "true" || *text == "1");
}

Value value_of(const JsonValue& json) {
  if (json.is_null()) return {};
  if (json.string() != nullptr) return *json.string();
  if (json.boolean() != nullptr) return std::string(*json.boolean() ? "true" : "false");
  if (const std::optional<double> number = json.number()) return *number;
  return json;
}

int compare(const Value& a, const Value& b) {
  if (is_missing(a) || is_missing(b))
    return static_cast<int>(!is_missing(a)) - static_cast<int>(!is_missing(b));
  const std::optional<double> left = to_number(a), right = to_number(b);
  if (left && right) return *left < *right ? -1 : *left > *right ? 1 : 0;
  if (left.has_value() != right.has_value()) return left ? -1 : 1;
  const int order = to_text(a).compare(to_text(b));
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

}  // namespace clew::cloudwatch_logs::insights
