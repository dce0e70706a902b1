// Metric events: data points as Honeycomb shows them. Points of one resource, of one second and with the same
// attributes are one event, with a column for each metric; histograms and summaries have several
// (reply.time.count, .sum, .avg, .min, .max, .p50, …).
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "store/storage.h"

namespace clew::honeycomb {

// The events of the points of a snapshot's metrics. Points that are stored together are joined: those of one
// request always are, unless they are of different days. Of a bounded range: exhausted when it has more than
// kMostMergedPoints; of an unbounded one (to see which columns there are) what comes first is taken.
Result<store::Snapshot> metric_events(const store::Snapshot& metrics, const TimeRange& range);

constexpr uint64_t kMostMergedPoints = 5'000'000;

}  // namespace clew::honeycomb
