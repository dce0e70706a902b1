// Deviation: how far weighted numbers lie from their mean. Sums are long, so that neither the order of adding
// and merging nor a mean far from zero costs more than the last digits.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "query/long_sum.h"

namespace clew::query {

class Deviation {
 public:
  void add(double value, uint64_t weight = 1) {
    const auto times = static_cast<double>(weight);
    sum_.add(value * times);
    const double square = value * value;
    squares_.add(square * times);
    squares_.low += std::fma(value, value, -square) * times;
    weight_ += weight;
  }
  void merge(const Deviation& other) {
    sum_.add(other.sum_);
    squares_.add(other.squares_);
    weight_ += other.weight_;
  }

  uint64_t weight() const { return weight_; }
  // Of all that there is, not of a sample. Nothing without numbers, or when their squares are beyond a
  // double.
  std::optional<double> standard() const {
    if (weight_ == 0) return std::nullopt;
    const auto count = static_cast<double>(weight_);
    // squares - sum² / count; each of the two is a pair of doubles.
    const double sum = sum_.high + sum_.low, rest = sum_.low - (sum - sum_.high);
    const double square = sum * sum, square_rest = std::fma(sum, sum, -square) + 2 * sum * rest;
    const double part = square / count, part_rest = (std::fma(-part, count, square) + square_rest) / count;
    const double spread = (squares_.high - part) + (squares_.low - part_rest);
    if (!std::isfinite(spread)) return std::nullopt;
    return std::sqrt(std::max(spread, 0.0) / count);
  }

 private:
  LongSum sum_, squares_;
  uint64_t weight_ = 0;
};

}  // namespace clew::query
