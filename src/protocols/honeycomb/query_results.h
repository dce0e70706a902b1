// QueryResults: questions that were asked and not yet fetched, or fetched lately. A result never changes.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/json_value.h"
#include "base/result.h"
#include "base/time.h"
#include "telemetry/batch.h"

namespace clew::honeycomb {

struct QueryResult {
  std::string dataset;
  JsonValue query;  // the specification, with its id
  bool complete = false;
  JsonValue data;  // when complete
  Status failure;  // instead
  UnixNanos finished;
};

// Any thread. The oldest are forgotten when there are too many.
class QueryResults {
 public:
  void put(EnvironmentId environment, const std::string& id, QueryResult result);
  std::optional<QueryResult> find(EnvironmentId environment, const std::string& id) const;

 private:
  using Place = std::pair<EnvironmentId, std::string>;
  mutable std::mutex mutex_;
  std::map<Place, QueryResult> results_;
  std::deque<Place> order_;
};

}  // namespace clew::honeycomb
