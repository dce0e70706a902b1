// What a calculation makes of numbers, in the plainest way.
#pragma once

#include <cstdint>
#include <vector>

#include "query/accumulator.h"
#include "query/plan.h"

namespace clew::query::testing {

struct WeightedNumber {
  Value value;  // a number, or a time
  double real;
  uint64_t weight;  // how many rows it stands for
};

// Of a sum, average, minimum, maximum, percentile or heat map; null of no numbers.
Value naive_calculate(const Calculation& calculation, const HeatmapScale& scale,
                      const std::vector<WeightedNumber>& numbers);

}  // namespace clew::query::testing
