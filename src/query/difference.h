// Difference: how differently something is distributed in two samples, and how sure that is.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace clew::query {

// A sample of rows, some of which stand for many.
struct SampleSize {
  double weight = 0;             // sum of the weights
  double weight_of_squares = 0;  // sum of their squares
  void add(uint64_t row_weight) {
    const auto number = static_cast<double>(row_weight);
    weight += number;
    weight_of_squares += number * number;
  }
  // As many rows of equal weight tell as much (Kish).
  // Of which only this part was looked at.
  SampleSize part(double seen) const { return {weight, seen > 0 ? weight_of_squares / seen : 0}; }
  double effective() const { return weight_of_squares > 0 ? weight * weight / weight_of_squares : 0; }
};

// How much weight one value has on each side.
struct DifferenceCell {
  double selected = 0;
  double rest = 0;
};

struct Difference {
  // 0: nothing is known to differ; 1: the two sides have no value in common, beyond doubt. The share of the
  // selection that would have to be other values for the two to be alike, where each value's part counts the
  // less the likelier it is chance.
  double score = 0;
  // How sure it is that anything differs at all: 1 minus the probability that chance alone makes the most
  // remarkable value as remarkable, among all that were looked at.
  double confidence = 0;
  // The part of each cell: positive where the selection has more of it.
  std::vector<double> parts;
};

// `looked_at`: how many other comparisons are made beside this one (columns); the more there are, the
// likelier one of them looks remarkable by chance.
Difference difference_of(std::span<const DifferenceCell> cells, const SampleSize& selected,
                         const SampleSize& rest, double comparisons);

}  // namespace clew::query
