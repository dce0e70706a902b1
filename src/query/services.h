// The services that send data, with their vital signs.
#pragma once

#include <string>
#include <vector>

#include "query/run.h"

namespace clew::query {

struct ServiceSummary {
  std::string name;
  uint64_t spans = 0;
  uint64_t errors = 0;
  std::optional<double> p50_milliseconds;
  std::optional<double> p95_milliseconds;
  UnixNanos last_seen;
};

// By name.
Result<std::vector<ServiceSummary>> list_services(const store::Snapshot& snapshot, const TimeRange& range,
                                                  const RunOptions& options = {});

}  // namespace clew::query
