// LongSum: a sum of doubles in two of them, about 106 bits: the second holds what rounding took from the
// first, so that neither the order of adding nor how workers shared the rows shows in the total.
#pragma once

#include <cmath>

namespace clew::query {

struct LongSum {
  double high = 0;
  double low = 0;

  void add(double value) {
    const double total = high + value;
    const double from_value = total - high;
    low += (high - (total - from_value)) + (value - from_value);
    high = total;
  }
  void add(const LongSum& other) {
    add(other.high);
    low += other.low;
  }
  // Beyond a double there is nothing that rounding took.
  double total() const { return std::isfinite(high) ? high + low : high; }
};

}  // namespace clew::query
