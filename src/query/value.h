// Value: one cell of a result, and a literal in a plan.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "store/segment.h"

namespace clew::query {

// Weighted counts of values: counts[i] covers [minimum + i * step, minimum + (i + 1) * step), the last one
// its end too. When `logarithmic`, these are powers of ten, and what is not above zero counts in the first.
struct Histogram {
  std::vector<double> counts;
  double minimum = 0;
  double step = 0;
  bool logarithmic = false;
  bool operator==(const Histogram&) const = default;
};

// Nothing; then the kinds of values. Trace and span ids are strings of lower-case hex digits, durations are
// int64 nanoseconds, JSON is a string, bytes are a string of their base64 form. A histogram comes only out of
// the calculation HEATMAP.
using Value = std::variant<std::monostate, bool, int64_t, double, std::string, UnixNanos, Histogram>;

inline bool is_null(const Value& value) {
  return std::holds_alternative<std::monostate>(value);
}
// The number in an int64 or a double; nothing else is a number.
std::optional<double> number_in(const Value& value);
// As numbers appear in results: int64 when whole (and below 2^53), so that 5 and 5.0 are one group and one
// text.
Value number_value(double number);
// For people and test files: null, true, 12, 0.5, text as it is, 2026-03-01T12:00:00Z.
std::string to_text(const Value& value);

// A total order: null, booleans, numbers (both types by their value), strings, times, histograms. NaN is the
// largest number and equals itself.
std::strong_ordering compare(const Value& a, const Value& b);

}  // namespace clew::query
