// ServiceCalls: the requests that services answered in a time range, and the calls between them, found from
// the spans that began and ended them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "query/query_limits.h"
#include "query/result_table.h"
#include "query/service_spans.h"
#include "query/span_relations.h"
#include "store/storage.h"

namespace clew::query {

// One request: what was measured of it.
struct Request {
  uint32_t node = 0;    // who answered: position in ServiceCalls::nodes()
  uint32_t caller = 0;  // calls only
  Outcome outcome = Outcome::ok;
  UnixNanos start;
  Nanoseconds duration;
  uint64_t weight = 1;   // how many the sender had when it kept this one
  uint32_t trace = 0;    // position in ServiceCalls::trace_ids()
  bool is_root = false;  // came from outside; not for calls
};

class ServiceCalls {
 public:
  // A span takes part with what it knows of its parent and children within this time around the range.
  static constexpr Nanoseconds kMargin = seconds(300);
  // Nodes beyond are put together, by kind, as one: names made of paths or ids would drown the rest.
  static constexpr size_t kMostNodes = 10'000;
  static constexpr std::string_view kOtherNodes = "(others)";

  static Result<ServiceCalls> load(const ServiceQuestion& question, const store::Snapshot& snapshot,
                                   const RunOptions& options, QueryLimits& limits);

  const std::vector<NodeName>& nodes() const { return nodes_; }
  const std::vector<TraceId>& trace_ids() const { return relations_.trace_ids; }
  uint64_t nodes_put_together() const { return nodes_put_together_; }
  const Cost& cost() const { return cost_; }

  // A share of what there is to visit, for several workers.
  struct SpanRange {
    uint32_t begin = 0, end = 0;
  };
  SpanRange all_spans() const { return {0, static_cast<uint32_t>(spans_.size())}; }

  // What each node answered, as itself measured it: entry spans of services. Then what was asked of those
  // who send nothing, as the callers measured it.
  template <typename Visit>
  void for_each_request(Visit&& visit) const {
    for_each_request(all_spans(), visit);
  }
  template <typename Visit>
  void for_each_request(SpanRange spans, Visit&& visit) const {
    for (uint32_t row = spans.begin; row < spans.end; ++row) {
      const ServiceSpan& span = spans_[row];
      if (!span.counts) continue;
      if (span.is_entry) visit(request_of(row, span.service));
      if (span.is_unanswered) visit(request_of(row, peers_[row]));
    }
  }
  // Who called whom, as the caller measured it where it did; calls from outside have a node of kind client as
  // their caller.
  template <typename Visit>
  void for_each_call(Visit&& visit) const {
    for_each_call(all_spans(), visit);
  }
  template <typename Visit>
  void for_each_call(SpanRange spans, Visit&& visit) const {
    for (uint32_t row = spans.begin; row < spans.end; ++row) {
      const ServiceSpan& span = spans_[row];
      if (!span.counts) continue;
      if (span.is_entry) {
        if (std::optional<Request> call = call_to(row)) visit(*call);
      }
      if (span.is_unanswered) {
        Request call = request_of(row, peers_[row]);
        call.caller = span.service;
        visit(call);
      }
    }
  }

 private:
  friend class ServiceCallsLoader;

  Request request_of(uint32_t row, uint32_t node) const;
  std::optional<Request> call_to(uint32_t row) const;

  std::vector<NodeName> nodes_;
  std::vector<uint32_t>
      clients_;  // of each service that is called from outside: the node that stands for them
  SpanRelations relations_;
  std::vector<ServiceSpan> spans_;  // by row of relations_, as the following
  std::vector<uint32_t> peers_;     // of outgoing calls: the node
  std::vector<uint64_t> weights_;   // empty: every span counts once
  uint64_t nodes_put_together_ = 0;
  Cost cost_;
};

}  // namespace clew::query
