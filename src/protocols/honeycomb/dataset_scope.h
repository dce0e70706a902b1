// DatasetScope: which rows a dataset is made of.
//
// Events belong to the dataset they were sent to. What came over OpenTelemetry belongs to the dataset named
// like its service, unless its sender named one; what has no service to "unknown_service" (spans) or
// "unknown_log_source" (logs), and metrics to "unknown_metrics".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/honeycomb/datasets.h"
#include "query/plan.h"
#include "store/storage.h"

namespace clew::honeycomb {

// The dataset that stands for all of an environment.
inline constexpr std::string_view kAllDatasets = "__all__";
inline constexpr std::string_view kUnknownService = "unknown_service";
inline constexpr std::string_view kUnknownLogSource = "unknown_log_source";
inline constexpr std::string_view kUnknownMetrics = "unknown_metrics";

struct DatasetScope {
  store::Snapshot snapshot;  // of all signals that the dataset has rows of
  query::Filter filter;
  TimeRange range;  // what is older than the dataset's deletion does not count
};

// not_found when nothing ever came for it and nobody made it. Metrics are among the rows as events
// (metric_events.h), those of the range `metrics`; nothing: they are left out, for who asks only whether
// there is such a dataset.
Result<DatasetScope> scope_of(store::Storage& storage, Datasets& datasets, EnvironmentId environment,
                              std::string_view slug, std::optional<TimeRange> metrics = TimeRange{});

// Every dataset of an environment: those that have a record, and those that services make. By slug.
Result<std::vector<Dataset>> all_datasets(store::Storage& storage, Datasets& datasets,
                                          EnvironmentId environment);

}  // namespace clew::honeycomb
