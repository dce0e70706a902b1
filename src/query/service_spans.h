// ServiceSpans: what is read of each span to find out which services called which.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "query/node_names.h"
#include "query/peer_names.h"
#include "query/plan.h"
#include "query/scan.h"
#include "query/span_relations.h"

namespace clew::query {

enum class Outcome : uint8_t {
  ok,
  error,     // the caller's fault: HTTP 4xx
  throttle,  // too many: HTTP 429
  fault,     // HTTP 5xx, or a span marked as failed without an HTTP status
};

struct ServiceQuestion {
  TimeRange range;
  Filter filter;  // spans that do not match do not count; they still are parents
  // When given: only spans of these traces count.
  std::optional<std::vector<TraceId>> traces;
  // Services of one name that differ here are different nodes.
  std::optional<ColumnName> service_type;
};

// One span; the last three are found out when all spans have been read.
struct ServiceSpan {
  int64_t start = 0;
  int64_t duration = 0;
  uint32_t service = 0;
  Outcome outcome = Outcome::ok;
  bool is_span : 1 = false;
  bool counts : 1 = false;
  bool is_outgoing : 1 = false;  // kind client or producer
  bool is_server : 1 = false;
  bool is_consumer : 1 = false;
  bool is_entry : 1 = false;  // the first span of a request in its service
  bool is_from_outside : 1 = false;
  bool is_unanswered : 1 = false;  // outgoing, and no span of the other side is known
};

// The spans of one granule, row by row.
struct ServiceGranule {
  static constexpr uint32_t kNoPeer = UINT32_MAX;

  SpanBatch batch;
  std::vector<ServiceSpan> spans;
  std::vector<uint32_t> peers;    // of outgoing calls that count: the node; empty when there are none
  std::vector<uint64_t> weights;  // empty: every span counts once
  size_t bytes() const;
};

class ServiceSpanReader {
 public:
  // Up to so many traces are looked for by their ids; more must be told apart when all has been read.
  static constexpr size_t kFewTraces = 64;

  // `question` must outlive this, and `related` too, which may be null: what the filter asks of other spans.
  static Result<ServiceSpanReader> prepare(const ServiceQuestion& question, Nanoseconds margin,
                                           const RelatedSpans* related = nullptr);

  const ScanWanted& wanted() const { return wanted_; }
  // Numbers the nodes it meets in `nodes`.
  Result<ServiceGranule> read(const GranuleScan& scan, NodeNames& nodes) const;

 private:
  ServiceSpanReader(const ServiceQuestion& question, const RelatedSpans* related)
      : question_(&question), related_(related) {}
  Status compile_names(Nanoseconds margin);
  Status read_services(const GranuleScan& scan, NodeNames& nodes, std::vector<ServiceSpan>& spans) const;
  Status count_spans(const GranuleScan& scan, NodeNames& nodes, ServiceGranule& granule) const;

  const ServiceQuestion* question_;
  const RelatedSpans* related_;
  ScanWanted wanted_;
  std::vector<size_t> peer_names_;  // in the list of names
  std::optional<size_t> type_name_;
};

}  // namespace clew::query
