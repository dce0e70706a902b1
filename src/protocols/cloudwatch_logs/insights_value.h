// Value: what a field of a Logs Insights row has. Values are texts that count as numbers where both sides do.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/json_value.h"

namespace clew::cloudwatch_logs::insights {

struct Moment {
  int64_t milliseconds = 0;
  bool operator==(const Moment&) const = default;
};

// Nothing; a number; a text; a point in time; a map or a list.
using Value = std::variant<std::monostate, double, std::string, Moment, JsonValue>;

inline bool is_missing(const Value& value) {
  return std::holds_alternative<std::monostate>(value);
}
// As results have it; empty for what is missing. A time is 2026-03-01 12:00:00.000.
std::string to_text(const Value& value);
// Of a number, a time (milliseconds), or a text that is a number and nothing else.
std::optional<double> to_number(const Value& value);
// Whether a condition holds with it: a number but 0, the text "true".
bool is_true(const Value& value);
Value value_of(const JsonValue& json);

// Numbers before texts; numerically when both are numbers. Missing comes first.
int compare(const Value& a, const Value& b);

}  // namespace clew::cloudwatch_logs::insights
