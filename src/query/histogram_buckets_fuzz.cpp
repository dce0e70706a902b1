// The point of a histogram, of either kind: nothing in it makes a quantile that is no number.
#include <cmath>

#include "base/fuzz.h"
#include "base/log.h"
#include "query/histogram_buckets.h"

CLEW_FUZZ(histogram_buckets) {
  using clew::query::HistogramBuckets;
  if (bytes.empty()) return;
  const auto kind =
      bytes[0] % 2 == 0 ? clew::query::MetricKind::histogram : clew::query::MetricKind::exponential_histogram;
  bytes.remove_prefix(1);
  const HistogramBuckets whole = HistogramBuckets::of_point(kind, bytes);
  const HistogramBuckets half = HistogramBuckets::of_point(kind, bytes.substr(0, bytes.size() / 2));
  HistogramBuckets sum = whole.since(half);
  if (sum.count() > whole.count()) clew::bug("more grew than there is");
  sum.add(half);
  for (const double quantile : {0.0, 0.5, 1.0})
    if (const auto value = sum.quantile(quantile); value && std::isnan(*value))
      clew::bug("a quantile that is no number");
}
