#include "query/service_calls.h"

#include <algorithm>
#include <unordered_set>

#include "query/hashing.h"
#include "query/node_names.h"
#include "query/scan.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

using store::ColumnData;
using store::ColumnType;

constexpr uint32_t kNoNode = UINT32_MAX;
// Up to so many traces are looked for by their ids; more are told apart when all has been read.
constexpr size_t kFewTraces = 64;
// Calls inside of calls in one service are followed so far up; a ring of parents ends here too.
constexpr int kDeepestCall = 16;

// The columns besides those of peers.
enum Column : uint8_t {
  kTraceId,
  kSpanId,
  kParentId,
  kTime,
  kDuration,
  kKind,
  kService,
  kStatus,
  kError,
  kHttpStatus,
  kHttpStatusOld,
  kFault,
  kThrottle,
  kClientError,
};

template <typename Visit>
void for_each_value(const ResolvedColumn& column, const Selection& selection, Visit&& visit) {
  for (const Piece& piece : column) {
    Selection part = selection;
    part.intersect(piece.mask());
    for_each_row(part, [&](uint32_t row) { visit(*piece.data, row); });
  }
}

Outcome outcome_of(int64_t http_status, bool failed) {
  if (http_status >= 500) return Outcome::fault;
  if (http_status == 429) return Outcome::throttle;
  if (http_status >= 400) return Outcome::error;
  return failed ? Outcome::fault : Outcome::ok;
}

Filter spans_of(const ServiceQuestion& question) {
  std::vector<Filter> conditions;
  conditions.push_back(
      comparison({std::string(names::kSpanId), store::Scope::intrinsic}, Operator::exists, {}));
  conditions.push_back(comparison({std::string(names::kAnnotationType), store::Scope::intrinsic},
                                  Operator::does_not_exist, {}));
  if (question.traces && question.traces->size() <= kFewTraces) {
    std::vector<Value> ids;
    for (const TraceId& id : *question.traces) ids.emplace_back(id.to_hex());
    conditions.push_back(
        comparison({std::string(names::kTraceId), store::Scope::intrinsic}, Operator::in, std::move(ids)));
  }
  return all_of(std::move(conditions));
}

struct HashTrace {
  size_t operator()(const TraceId& id) const { return hash_of(id.view()); }
};

}  // namespace

class ServiceCallsLoader {
 public:
  using Span = ServiceCalls::Span;

  explicit ServiceCallsLoader(const ServiceQuestion& question) : question_(question) {}

  Result<ServiceCalls> run(const store::Snapshot& snapshot, const RunOptions& options, QueryLimits& limits) {
    CLEW_TRY(prepare());
    Scan scan(wanted_, snapshot);
    workers_.resize(scan.workers(options));
    Scan::Visitor visitor;
    visitor.visit = [&](const GranuleScan& granule) { return visit(workers_[granule.worker], granule); };
    visitor.bytes_held = [&](size_t worker) { return workers_[worker].bytes; };
    if (!question_.traces || !question_.traces->empty()) CLEW_TRY(scan.run(options, limits, visitor));
    calls_.cost_ = scan.cost();
    CLEW_TRY(put_together(options.pool));
    CLEW_TRY(limits.check());
    leave_out_other_traces();
    find_services();
    find_entries();
    find_answers();
    find_calls_from_outside();
    return std::move(calls_);
  }

 private:
  struct Granule {
    std::vector<Span> spans;
    std::vector<uint32_t> peers;
    std::vector<uint64_t> weights;
    size_t worker = 0;
  };
  struct Worker {
    NodeNames nodes;
    std::vector<SpanBatch> batches;
    std::vector<Granule> granules;
    size_t bytes = 0;
  };

  Status prepare() {
    NameList names;
    auto intrinsic = [&](std::string_view name) { names.add({std::string(name), store::Scope::intrinsic}); };
    intrinsic(names::kTraceId);
    intrinsic(names::kSpanId);
    intrinsic(names::kParentId);
    intrinsic(names::kTime);
    intrinsic(names::kDuration);
    intrinsic(names::kSpanKind);
    names.add({"service.name", {}});
    intrinsic(names::kStatusCode);
    intrinsic(names::kError);
    names.add({"http.response.status_code", {}});
    names.add({"http.status_code", {}});
    for (std::string_view flag : {"aws.xray.fault", "aws.xray.throttle", "aws.xray.error"})
      names.add({std::string(flag), store::Scope::attribute});
    if (question_.service_type) type_name_ = names.add(*question_.service_type);
    for (std::string_view name : peer_columns()) peer_names_.push_back(names.add({std::string(name), {}}));
    CLEW_ASSIGN(CompiledFilter spans, compile(spans_of(question_), names));
    // A segment of X-Ray that is still under way is no answer yet.
    const Filter under_way =
        comparison({"aws.xray.inprogress", store::Scope::attribute}, Operator::equal, {true});
    CLEW_ASSIGN(CompiledFilter counted, compile(all_of({question_.filter, none_of({under_way})}), names));
    wanted_.filters.push_back(std::move(spans));
    wanted_.filters.push_back(std::move(counted));
    wanted_.names = names.names();
    wanted_.range = question_.range;
    if (wanted_.range.from.count != INT64_MIN)
      wanted_.range.from = wanted_.range.from - ServiceCalls::kMargin;
    if (wanted_.range.to.count != INT64_MAX) wanted_.range.to = wanted_.range.to + ServiceCalls::kMargin;
    return {};
  }

  Status visit(Worker& worker, const GranuleScan& scan) {
    GranuleReader& reader = scan.reader;
    const Selection& spans = scan.selection;
    auto column = [&](Column which) { return reader.resolve(scan.segment.columns[which]); };
    CLEW_ASSIGN(ResolvedColumn trace_ids, column(kTraceId));
    CLEW_ASSIGN(ResolvedColumn span_ids, column(kSpanId));
    CLEW_ASSIGN(ResolvedColumn parent_ids, column(kParentId));
    SpanBatch batch = read_spans(trace_ids, span_ids, parent_ids, spans);

    Granule granule{.spans = std::vector<Span>(reader.rows()), .peers = {}, .weights = {}, .worker = 0};
    for (uint32_t row = 0; row < batch.rows(); ++row) granule.spans[row].is_span = batch.ids[row] != 0;
    CLEW_TRY(read_times(scan, granule));
    CLEW_TRY(read_kinds(scan, granule));
    CLEW_TRY(read_services(scan, worker.nodes, granule));
    CLEW_TRY(read_outcomes(scan, granule));
    Selection counted = spans;
    CLEW_TRY(scan.segment.filters[1].narrow(reader, counted));
    Selection outgoing = Selection::none(reader.rows());
    for_each_row(counted, [&](uint32_t row) {
      Span& span = granule.spans[row];
      span.counts =
          span.is_span && (question_.range == TimeRange{} || question_.range.contains({span.start}));
      if (span.counts && span.is_outgoing) outgoing.add(row);
    });
    if (!outgoing.empty()) {
      granule.peers.assign(reader.rows(), kNoNode);
      std::vector<BoundColumn> columns;
      for (size_t name : peer_names_) columns.push_back(scan.segment.columns[name]);
      CLEW_TRY(find_peers(reader, columns, outgoing,
                          [&](uint32_t row, NodeKind kind, std::string_view name, std::string_view type) {
                            granule.peers[row] = worker.nodes.number_of(kind, name, type);
                          }));
    }
    CLEW_ASSIGN(granule.weights, weights_of(scan.segment, reader));
    worker.bytes += batch.bytes() + reader.rows() * (sizeof(Span) + 4 + 12);
    worker.batches.push_back(std::move(batch));
    worker.granules.push_back(std::move(granule));
    return {};
  }

  static Status read_times(const GranuleScan& scan, Granule& granule) {
    CLEW_ASSIGN(ResolvedColumn times, scan.reader.resolve(scan.segment.columns[kTime]));
    for_each_value(times, scan.selection, [&](const ColumnData& data, uint32_t row) {
      if (data.type == ColumnType::time) granule.spans[row].start = data.integers[row];
    });
    CLEW_ASSIGN(ResolvedColumn durations, scan.reader.resolve(scan.segment.columns[kDuration]));
    for_each_value(durations, scan.selection, [&](const ColumnData& data, uint32_t row) {
      if (data.type == ColumnType::duration)
        granule.spans[row].duration = std::max<int64_t>(data.integers[row], 0);
    });
    return {};
  }

  static Status read_kinds(const GranuleScan& scan, Granule& granule) {
    CLEW_ASSIGN(ResolvedColumn kinds, scan.reader.resolve(scan.segment.columns[kKind]));
    for_each_value(kinds, scan.selection, [&](const ColumnData& data, uint32_t row) {
      if (!is_stringlike(data.type)) return;
      std::string_view kind = data.string_at(row);
      Span& span = granule.spans[row];
      span.is_outgoing = kind == "client" || kind == "producer";
      span.is_server = kind == "server";
      span.is_consumer = kind == "consumer";
    });
    return {};
  }

  Status read_services(const GranuleScan& scan, NodeNames& nodes, Granule& granule) const {
    ResolvedColumn types;
    if (type_name_) {
      CLEW_ASSIGN(types, scan.reader.resolve(scan.segment.columns[*type_name_]));
    }
    std::vector<std::string_view> type_of(types.empty() ? 0 : scan.reader.rows());
    for_each_value(types, scan.selection, [&](const ColumnData& data, uint32_t row) {
      if (is_stringlike(data.type)) type_of[row] = data.string_at(row);
    });
    const uint32_t nameless = nodes.number_of(NodeKind::service, {}, {});
    for_each_row(scan.selection, [&](uint32_t row) { granule.spans[row].service = nameless; });
    CLEW_ASSIGN(ResolvedColumn services, scan.reader.resolve(scan.segment.columns[kService]));
    struct Known {
      uint32_t node = kNoNode;
      std::string_view type;
    };
    for (const Piece& piece : services) {
      const ColumnData& data = *piece.data;
      if (!is_stringlike(data.type)) continue;
      std::vector<Known> by_code(data.is_dictionary() ? data.dictionary.size() : 1);
      Selection part = scan.selection;
      part.intersect(piece.mask());
      for_each_row(part, [&](uint32_t row) {
        std::string_view type = type_of.empty() ? std::string_view() : type_of[row];
        Known& known = by_code[data.is_dictionary() ? data.codes[row] : 0];
        if (!data.is_dictionary() || known.node == kNoNode || known.type != type)
          known = {nodes.number_of(NodeKind::service, data.string_at(row), type), type};
        granule.spans[row].service = known.node;
      });
    }
    return {};
  }

  static Status read_outcomes(const GranuleScan& scan, Granule& granule) {
    const Selection& spans = scan.selection;
    std::vector<uint8_t> failed(scan.reader.rows());
    CLEW_ASSIGN(ResolvedColumn statuses, scan.reader.resolve(scan.segment.columns[kStatus]));
    for_each_value(statuses, spans, [&](const ColumnData& data, uint32_t row) {
      if (data.type == ColumnType::int64) failed[row] = data.integers[row] == 2;
    });
    CLEW_ASSIGN(ResolvedColumn errors, scan.reader.resolve(scan.segment.columns[kError]));
    for_each_value(errors, spans, [&](const ColumnData& data, uint32_t row) {
      if (data.type == ColumnType::boolean) failed[row] |= data.booleans[row];
    });
    std::vector<int64_t> http(scan.reader.rows());
    for (Column which : {kHttpStatusOld, kHttpStatus}) {
      CLEW_ASSIGN(ResolvedColumn column, scan.reader.resolve(scan.segment.columns[which]));
      for_each_value(column, spans, [&](const ColumnData& data, uint32_t row) {
        if (data.type == ColumnType::int64) http[row] = data.integers[row];
      });
    }
    for_each_row(spans,
                 [&](uint32_t row) { granule.spans[row].outcome = outcome_of(http[row], failed[row] != 0); });
    return {};
  }

  // The granules of all workers, one after the other, with the same number for the same node.
  Status put_together(ThreadPool* pool) {
    NodeNames nodes;
    std::vector<std::vector<uint32_t>> numbers;  // by worker and its own number
    for (const Worker& worker : workers_) {
      std::vector<uint32_t>& to = numbers.emplace_back();
      for (const NodeName& node : worker.nodes.names()) to.push_back(number_of(nodes, node));
    }
    std::vector<SpanBatch> batches;
    std::vector<Granule> granules;
    for (size_t worker = 0; worker < workers_.size(); ++worker) {
      std::move(workers_[worker].batches.begin(), workers_[worker].batches.end(),
                std::back_inserter(batches));
      for (Granule& granule : workers_[worker].granules) {
        granule.worker = worker;
        granules.push_back(std::move(granule));
      }
    }
    CLEW_ASSIGN(calls_.relations_, relate(batches, pool));
    const size_t rows = calls_.relations_.traces.size();
    calls_.spans_.reserve(rows);
    calls_.peers_.reserve(rows);
    const bool weighted = std::any_of(granules.begin(), granules.end(),
                                      [](const Granule& granule) { return !granule.weights.empty(); });
    for (const Granule& granule : granules) {
      const std::vector<uint32_t>& to = numbers[granule.worker];
      for (Span span : granule.spans) {
        span.service = to[span.service];
        calls_.spans_.push_back(span);
      }
      for (uint32_t peer : granule.peers) calls_.peers_.push_back(peer == kNoNode ? kNoNode : to[peer]);
      calls_.peers_.resize(calls_.spans_.size(), kNoNode);
      if (!weighted) continue;
      calls_.weights_.insert(calls_.weights_.end(), granule.weights.begin(), granule.weights.end());
      calls_.weights_.resize(calls_.spans_.size(), 1);
    }
    nameless_ = nodes.number_of(NodeKind::service, {}, {});
    calls_.nodes_ = nodes.names();
    return {};
  }

  uint32_t number_of(NodeNames& nodes, const NodeName& node) {
    if (nodes.names().size() < ServiceCalls::kMostNodes)
      return nodes.number_of(node.kind, node.name, node.type);
    ++calls_.nodes_put_together_;
    return nodes.number_of(node.kind, ServiceCalls::kOtherNodes, {});
  }

  void leave_out_other_traces() {
    if (!question_.traces || question_.traces->size() <= kFewTraces) return;
    std::unordered_set<TraceId, HashTrace> wanted(question_.traces->begin(), question_.traces->end());
    std::vector<uint8_t> is_wanted;
    for (const TraceId& id : calls_.relations_.trace_ids) is_wanted.push_back(wanted.contains(id));
    for (size_t row = 0; row < calls_.spans_.size(); ++row) {
      if (is_wanted.empty() || is_wanted[calls_.relations_.traces[row]] == 0)
        calls_.spans_[row].counts = false;
    }
  }

  const Span* parent_of(uint32_t row) const {
    const uint32_t parent = calls_.relations_.parents[row];
    return SpanRelations::is_stored(parent) ? &calls_.spans_[parent] : nullptr;
  }

  // A span that names no service is of its parent's: parts of a segment that X-Ray's SDKs send ahead do not.
  // And only the first span of a request tells the type of its service.
  void find_services() {
    std::vector<uint32_t> name_of_node;
    NodeNames by_name;
    for (const NodeName& node : calls_.nodes_)
      name_of_node.push_back(by_name.number_of(node.kind, node.name, {}));
    const auto inherits = [&](uint32_t row) {
      const Span* parent = parent_of(row);
      const uint32_t own = calls_.spans_[row].service;
      return parent != nullptr &&
             (own == nameless_ || (question_.service_type && calls_.nodes_[own].type.empty() &&
                                   name_of_node[own] == name_of_node[parent->service]));
    };
    std::vector<uint8_t> is_found(calls_.spans_.size());
    std::vector<uint32_t> way;
    for (uint32_t row = 0; row < calls_.spans_.size(); ++row) {
      uint32_t at = row;
      // Marked on the way up, so that a ring of parents ends.
      for (; is_found[at] == 0; at = calls_.relations_.parents[at]) {
        is_found[at] = 1;
        if (!inherits(at)) break;
        way.push_back(at);
      }
      for (; !way.empty(); way.pop_back()) {
        const uint32_t below = way.back();
        if (inherits(below)) calls_.spans_[below].service = parent_of(below)->service;
      }
    }
  }

  void find_entries() {
    for (uint32_t row = 0; row < calls_.spans_.size(); ++row) {
      Span& span = calls_.spans_[row];
      const Span* parent = parent_of(row);
      span.is_entry = span.is_span && (parent == nullptr || parent->service != span.service ||
                                       span.is_server || (span.is_consumer && parent->is_outgoing));
    }
  }

  // Libraries call through other libraries, and each tells of the call: the outermost span stands for it, and
  // an answer to the innermost answers them all.
  bool is_inside_of_call(uint32_t row) const {
    const Span* parent = parent_of(row);
    return parent != nullptr && parent->is_outgoing && !calls_.spans_[row].is_entry;
  }
  void find_answers() {
    std::vector<uint8_t> is_answered(calls_.spans_.size());
    for (uint32_t row = 0; row < calls_.spans_.size(); ++row) {
      if (!calls_.spans_[row].is_entry || parent_of(row) == nullptr) continue;
      uint32_t call = calls_.relations_.parents[row];
      is_answered[call] = 1;
      for (int i = 0; i < kDeepestCall && is_inside_of_call(call); ++i) {
        call = calls_.relations_.parents[call];
        is_answered[call] = 1;
      }
    }
    for (uint32_t row = 0; row < calls_.spans_.size(); ++row) {
      Span& span = calls_.spans_[row];
      span.is_unanswered =
          span.counts && span.is_outgoing && is_answered[row] == 0 && !is_inside_of_call(row);
    }
  }

  // A trace begins with the spans that have no parent; where none has arrived, with the earliest of those
  // whose parent is unknown, as balancers name themselves as parents and send nothing.
  void find_calls_from_outside() {
    const SpanRelations& relations = calls_.relations_;
    constexpr uint32_t kNone = UINT32_MAX, kHasRoot = kNone - 1;
    std::vector<uint32_t> first(relations.trace_ids.size(), kNone);
    for (uint32_t row = 0; row < calls_.spans_.size(); ++row) {
      if (!calls_.spans_[row].is_entry) continue;
      uint32_t& of_trace = first[relations.traces[row]];
      if (relations.parents[row] == SpanRelations::kRoot) {
        of_trace = kHasRoot;
      } else if (relations.parents[row] == SpanRelations::kParentMissing && of_trace != kHasRoot) {
        if (of_trace == kNone || calls_.spans_[row].start < calls_.spans_[of_trace].start) of_trace = row;
      }
    }
    for (uint32_t row = 0; row < calls_.spans_.size(); ++row) {
      Span& span = calls_.spans_[row];
      span.is_from_outside = span.is_entry && (relations.parents[row] == SpanRelations::kRoot ||
                                               first[relations.traces[row]] == row);
      if (!span.counts || !span.is_from_outside) continue;
      if (calls_.clients_.size() <= span.service) calls_.clients_.resize(calls_.nodes_.size(), kNoNode);
      uint32_t& client = calls_.clients_[span.service];
      if (client != kNoNode) continue;
      client = static_cast<uint32_t>(calls_.nodes_.size());
      NodeName name = calls_.nodes_[span.service];
      calls_.nodes_.push_back({NodeKind::client, name.name, name.type});
    }
  }

  const ServiceQuestion& question_;
  ScanWanted wanted_;
  std::vector<size_t> peer_names_;  // in the list of names
  std::optional<size_t> type_name_;
  uint32_t nameless_ = 0;  // the node of spans without a service
  std::vector<Worker> workers_;
  ServiceCalls calls_;
};

Result<ServiceCalls> ServiceCalls::load(const ServiceQuestion& question, const store::Snapshot& snapshot,
                                        const RunOptions& options, QueryLimits& limits) {
  return ServiceCallsLoader(question).run(snapshot, options, limits);
}

Request ServiceCalls::request_of(uint32_t row, uint32_t node) const {
  const Span& span = spans_[row];
  return {.node = node,
          .caller = node,
          .outcome = span.outcome,
          .start = {span.start},
          .duration = {span.duration},
          .weight = weights_.empty() ? 1 : weights_[row],
          .trace = relations_.traces[row],
          .is_root = span.is_entry && span.is_from_outside && node == span.service};
}

std::optional<Request> ServiceCalls::call_to(uint32_t row) const {
  const Span& span = spans_[row];
  Request call = request_of(row, span.service);
  call.is_root = false;
  if (span.is_from_outside) {
    call.caller = clients_[span.service];
    return call;
  }
  const uint32_t parent = relations_.parents[row];
  if (!SpanRelations::is_stored(parent)) return std::nullopt;
  const Span& caller = spans_[parent];
  call.caller = caller.service;
  if (caller.is_outgoing) {
    call.outcome = caller.outcome;
    call.start = {caller.start};
    call.duration = {caller.duration};
  }
  return call;
}

}  // namespace clew::query
