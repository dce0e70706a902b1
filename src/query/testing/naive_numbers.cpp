#include "query/testing/naive_numbers.h"

#include <algorithm>
#include <cmath>

namespace clew::query::testing {
namespace {

using Numbers = std::vector<WeightedNumber>;

Value total_of(const Calculation& calculation, const Numbers& numbers) {
  long double sum = 0;
  uint64_t weight = 0;
  for (const WeightedNumber& number : numbers) {
    sum += static_cast<long double>(number.real) * static_cast<long double>(number.weight);
    weight += number.weight;
  }
  const auto total = static_cast<double>(sum);
  return number_value(calculation.kind == CalculationKind::sum ? total : total / static_cast<double>(weight));
}

// Numbers before times, when a name has both.
Value extreme_of(const Calculation& calculation, const Numbers& numbers) {
  bool wants_low = calculation.kind == CalculationKind::minimum;
  Value best;
  for (const WeightedNumber& number : numbers) {
    if (is_null(best)) {
      best = number.value;
      continue;
    }
    bool best_is_time = std::holds_alternative<UnixNanos>(best);
    bool is_time = std::holds_alternative<UnixNanos>(number.value);
    if (best_is_time != is_time) {
      if (best_is_time) best = number.value;
      continue;
    }
    if ((compare(number.value, best) < 0) == wants_low) best = number.value;
  }
  return best;
}

Value percentile_of(double quantile, Numbers numbers) {
  std::sort(numbers.begin(), numbers.end(),
            [](const WeightedNumber& a, const WeightedNumber& b) { return a.real < b.real; });
  uint64_t total = 0;
  for (const WeightedNumber& number : numbers) total += number.weight;
  auto value_at = [&](uint64_t rank) {
    for (const WeightedNumber& number : numbers) {
      if (rank < number.weight) return number.real;
      rank -= number.weight;
    }
    return numbers.back().real;
  };
  double position = quantile * static_cast<double>(total - 1);
  double rank = std::floor(position);
  double low = value_at(static_cast<uint64_t>(rank)), high = value_at(static_cast<uint64_t>(rank) + 1);
  if (position == rank || low == high) return number_value(low);
  return number_value(low + (high - low) * (position - rank));
}

Value histogram_of(const HeatmapScale& scale, const Numbers& numbers) {
  Histogram histogram{.counts = std::vector<double>(scale.steps),
                      .minimum = scale.minimum,
                      .step = scale.step,
                      .logarithmic = scale.logarithmic};
  for (const WeightedNumber& number : numbers)
    histogram.counts[scale.step_of(number.real)] += static_cast<double>(number.weight);
  return histogram;
}

}  // namespace

Value naive_calculate(const Calculation& calculation, const HeatmapScale& scale, const Numbers& numbers) {
  if (numbers.empty()) return {};
  switch (calculation.kind) {
    case CalculationKind::sum:
    case CalculationKind::average:
      return total_of(calculation, numbers);
    case CalculationKind::minimum:
    case CalculationKind::maximum:
      return extreme_of(calculation, numbers);
    case CalculationKind::percentile:
      return percentile_of(calculation.quantile, numbers);
    default:
      return histogram_of(scale, numbers);
  }
}

}  // namespace clew::query::testing
