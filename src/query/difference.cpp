#include "query/difference.h"

#include <algorithm>
#include <cmath>

namespace clew::query {
namespace {

// A value counts when chance makes any of all values as remarkable less often than this.
constexpr double kSignificance = 0.01;

double term(double observed, double share, double expected_share) {
  return observed > 0 ? observed * std::log(share / expected_share) : 0;
}

// The likelihood ratio of "the share differs" against "it is the same on both sides": distributed as
// chi-square with one degree of freedom when it is the same.
double likelihood_ratio(double share_selected, double share_rest, double selected, double rest) {
  const double pooled = (share_selected * selected + share_rest * rest) / (selected + rest);
  if (pooled <= 0 || pooled >= 1) return 0;
  const double ratio = term(share_selected * selected, share_selected, pooled) +
                       term((1 - share_selected) * selected, 1 - share_selected, 1 - pooled) +
                       term(share_rest * rest, share_rest, pooled) +
                       term((1 - share_rest) * rest, 1 - share_rest, 1 - pooled);
  return std::max(0.0, 2 * ratio);
}

double probability_of(double ratio) {
  return std::erfc(std::sqrt(ratio / 2));
}

// The ratio that is reached with this probability.
double ratio_with(double probability) {
  double low = 0, high = 1000;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (probability_of(middle) > probability ? low : high) = middle;
  }
  return high;
}

}  // namespace

Difference difference_of(std::span<const DifferenceCell> cells, const SampleSize& selected,
                         const SampleSize& rest, double comparisons) {
  Difference difference;
  difference.parts.resize(cells.size());
  const double rows_selected = selected.effective(), rows_rest = rest.effective();
  if (rows_selected <= 0 || rows_rest <= 0 || cells.size() < 2) return difference;
  const double threshold = ratio_with(kSignificance / comparisons);
  double most = 0, gained = 0, lost = 0;
  for (size_t i = 0; i < cells.size(); ++i) {
    const double share = std::clamp(cells[i].selected / selected.weight, 0.0, 1.0);
    const double share_rest = std::clamp(cells[i].rest / rest.weight, 0.0, 1.0);
    const double ratio = likelihood_ratio(share, share_rest, rows_selected, rows_rest);
    most = std::max(most, ratio);
    if (ratio <= threshold) continue;
    difference.parts[i] = (share - share_rest) * (1 - threshold / ratio);
    (difference.parts[i] > 0 ? gained : lost) += std::abs(difference.parts[i]);
  }
  difference.score = std::max(gained, lost);
  difference.confidence = std::clamp(1 - comparisons * probability_of(most), 0.0, 1.0);
  return difference;
}

}  // namespace clew::query
