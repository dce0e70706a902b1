// TraceQuestions: how the query APIs of other tracing systems come to their answers: the sender is admitted
// by its key, and the question is answered on a worker.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/query_workers.h"
#include "protocols/router.h"
#include "protocols/services.h"
#include "query/trace.h"
#include "query/trace_search.h"

namespace clew {

struct TraceQuestion {
  const Services& services;
  const std::atomic<bool>& stopping;
  net::Request request;
  EnvironmentId environment;
  UnixNanos now;

  store::Snapshot traces() const { return services.storage->snapshot(environment, Signal::traces); }
  query::RunOptions run_options() const { return services.run_options(stopping); }
  // Empty when it is not there.
  std::string parameter(std::string_view name) const { return request.parameter(name).value_or(""); }
  // All values of one that may be repeated.
  std::vector<std::string> parameters(std::string_view name) const;
  // A whole number that is not negative, or `otherwise` when it is not there.
  Result<int64_t> number(std::string_view name, int64_t otherwise) const;
  // Up to endTs (now), as far back as lookback says, both in milliseconds.
  Result<TimeRange> range(Nanoseconds usual_lookback) const;

  // The newest first.
  Result<std::vector<TraceId>> find(const query::TraceSearch& search) const;
  // not_found when no span of it is stored.
  Result<query::Trace> fetch(const TraceId& id) const;
  Result<std::vector<std::string>> service_names(const TimeRange& range) const;
  struct Call {
    std::string parent, child;
    uint64_t calls = 0, errors = 0;
  };
  // Between services that have a name.
  Result<std::vector<Call>> calls(const TimeRange& range) const;
  // What a column holds in the spans of a service.
  Result<std::vector<std::string>> names_of(const std::string& service, std::string column,
                                            const TimeRange& range) const;
};

// A tag of that value, as text, or as the number or truth that it reads like.
query::Filter tag_filter(const std::string& key, const std::string& value);

class TraceQuestions {
 public:
  using Answer = Result<net::Response> (*)(const TraceQuestion&);
  // What a failure is answered with.
  using Refusal = net::Response (*)(const Status&);

  explicit TraceQuestions(Services services);

  // A route for GET. This must outlive the router's requests.
  void add(Router& router, std::string_view path, Answer answer, Refusal refusal);
  // Cancels the questions under way.
  void stop() { workers_.stop(); }

 private:
  Result<EnvironmentId> admit(const net::Request& request) const;

  const Services services_;
  QueryWorkers workers_;
};

}  // namespace clew
