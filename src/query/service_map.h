// ServiceMap: who calls whom, how often, how fast and with what success.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "query/percentile_sketch.h"
#include "query/service_calls.h"

namespace clew::query {

// What became of many requests. Counts are of what the senders had, not of the share they sent.
class RequestFigures {
 public:
  void add(const Request& request);
  void merge(const RequestFigures& other);

  uint64_t count(Outcome outcome) const { return counts_[static_cast<size_t>(outcome)]; }
  uint64_t total() const { return counts_[0] + counts_[1] + counts_[2] + counts_[3]; }
  double total_seconds() const { return seconds_; }
  UnixNanos first() const { return first_; }
  UnixNanos last() const { return last_; }  // end of the last request
  // Seconds and how many took so long, ascending; a duration is known to within 1/256 of itself.
  std::vector<std::pair<double, uint64_t>> histogram() const;
  // Nothing without requests.
  std::optional<double> quantile_seconds(double quantile) const;

 private:
  uint64_t counts_[4] = {};
  double seconds_ = 0;
  UnixNanos first_{INT64_MAX}, last_{INT64_MIN};
  uint64_t instant_ = 0;  // that took no time at all
  BucketWindow durations_;
};

struct ServiceNode {
  NodeName name;
  bool is_root = false;     // was called from outside
  RequestFigures requests;  // empty for clients
};

struct ServiceEdge {
  uint32_t from = 0, to = 0;  // positions in ServiceMap::nodes
  RequestFigures calls;
};

struct ServiceMap {
  std::vector<ServiceNode> nodes;  // by kind, then name; only those that took part
  std::vector<ServiceEdge> edges;  // by from, then to
  uint64_t nodes_put_together = 0;
  Cost cost;
};

Result<ServiceMap> map_services(const ServiceQuestion& question, const store::Snapshot& snapshot,
                                const RunOptions& options = {});

}  // namespace clew::query
