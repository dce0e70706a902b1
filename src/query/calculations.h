// The calculations a plan may ask for: one table for the parsers, the printers and the documentation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace clew::query {

enum class CalculationKind : uint8_t {
  count,    // rows; each stands for as many as its sample rate says
  sum,      // of value * sample rate
  average,  // sum / sum of the sample rates of rows that have a value
  minimum,
  maximum,
  count_distinct,  // exact; not weighted
  percentile,      // weighted; exact up to 1,000 rows a group, then within 1 %
  heatmap,         // a Histogram for each time bucket; weighted
  concurrency,     // how many spans run at a time, on average over each time bucket; weighted
  // From a time bucket to the next that has a value, by how much the average, sum or maximum changes; in the
  // summary the mean of these changes.
  rate_average,
  rate_sum,
  rate_maximum,
  formula,  // computed from the others
};

enum class CalculationOperand : uint8_t { none, number, any };

// A name a user types.
struct CalculationName {
  std::string_view name;
  CalculationKind kind;
  CalculationOperand operand;
  // 0.95 for P95; only for percentiles.
  double quantile = 0;
};

std::span<const CalculationName> all_calculations();

// "COUNT", "p99" (any case), and any other percentile: P followed by digits, the first two of which are whole
// percents (P9999 is 99.99), or by a decimal number (P97.5).
// The calculation that a rate is the change of; any other is itself.
CalculationKind changing_kind_of(CalculationKind kind);
constexpr bool is_rate(CalculationKind kind) {
  return kind == CalculationKind::rate_average || kind == CalculationKind::rate_sum ||
         kind == CalculationKind::rate_maximum;
}

std::optional<CalculationName> find_calculation(std::string_view name);
// "P99", "P97.5", "AVG": find_calculation() takes it back.
std::string name_of(CalculationKind kind, double quantile);

}  // namespace clew::query
