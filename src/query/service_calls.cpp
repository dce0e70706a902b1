#include "query/service_calls.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "query/hashing.h"
#include "query/related_spans.h"

namespace clew::query {
namespace {

constexpr uint32_t kNoNode = UINT32_MAX;
constexpr uint32_t kNoRow = UINT32_MAX;
// Calls inside of calls in one service are followed so far up; a ring of parents ends here too.
constexpr int kDeepestCall = 16;

struct HashTrace {
  size_t operator()(const TraceId& id) const { return hash_of(id.view()); }
};

}  // namespace

class ServiceCallsLoader {
 public:
  explicit ServiceCallsLoader(const ServiceQuestion& question) : question_(question) {}

  Result<ServiceCalls> run(const store::Snapshot& snapshot, const RunOptions& options, QueryLimits& limits) {
    CLEW_ASSIGN(const std::unique_ptr<RelatedSpans> related,
                RelatedSpans::gather(question_.filter, question_.range, snapshot, options, limits));
    CLEW_ASSIGN(const ServiceSpanReader reader,
                ServiceSpanReader::prepare(question_, ServiceCalls::kMargin, related.get()));
    Scan scan(reader.wanted(), snapshot);
    workers_.resize(scan.workers(options));
    Scan::Visitor visitor;
    visitor.visit = [&](const GranuleScan& granule) -> Status {
      Worker& worker = workers_[granule.worker];
      CLEW_ASSIGN(ServiceGranule read, reader.read(granule, worker.nodes));
      worker.bytes += read.bytes();
      worker.granules.push_back(std::move(read));
      return {};
    };
    visitor.bytes_held = [&](size_t worker) { return workers_[worker].bytes; };
    if (!question_.traces || !question_.traces->empty()) CLEW_TRY(scan.run(options, limits, visitor));
    calls_.cost_ = scan.cost();
    CLEW_TRY(put_together(options.pool));
    CLEW_TRY(limits.check());
    leave_out_other_traces();
    set_halves_apart();
    find_services();
    find_entries();
    find_answers();
    find_calls_from_outside();
    return std::move(calls_);
  }

 private:
  struct Worker {
    NodeNames nodes;
    std::vector<ServiceGranule> granules;
    size_t bytes = 0;
  };

  // The granules of all workers, one after the other, with the same number for the same node.
  Status put_together(ThreadPool* pool) {
    NodeNames nodes;
    std::vector<std::vector<uint32_t>> numbers;  // by worker and its own number
    for (const Worker& worker : workers_) {
      std::vector<uint32_t>& to = numbers.emplace_back();
      for (const NodeName& node : worker.nodes.names()) to.push_back(number_of(nodes, node));
    }
    std::vector<SpanBatch> batches;
    size_t rows = 0;
    bool weighted = false;
    for (Worker& worker : workers_) {
      for (ServiceGranule& granule : worker.granules) {
        rows += granule.spans.size();
        weighted |= !granule.weights.empty();
        batches.push_back(std::move(granule.batch));
      }
    }
    CLEW_ASSIGN(calls_.relations_, relate(batches, pool));
    calls_.spans_.reserve(rows);
    calls_.peers_.reserve(rows);
    for (size_t worker = 0; worker < workers_.size(); ++worker) {
      for (const ServiceGranule& granule : workers_[worker].granules)
        append(granule, numbers[worker], weighted);
      workers_[worker].granules.clear();
    }
    nameless_ = nodes.number_of(NodeKind::service, {}, {});
    calls_.nodes_ = nodes.names();
    return {};
  }

  void append(const ServiceGranule& granule, const std::vector<uint32_t>& numbers, bool weighted) {
    for (ServiceSpan span : granule.spans) {
      span.service = numbers[span.service];
      calls_.spans_.push_back(span);
    }
    for (uint32_t peer : granule.peers)
      calls_.peers_.push_back(peer == ServiceGranule::kNoPeer ? peer : numbers[peer]);
    calls_.peers_.resize(calls_.spans_.size(), ServiceGranule::kNoPeer);
    if (!weighted) return;
    calls_.weights_.insert(calls_.weights_.end(), granule.weights.begin(), granule.weights.end());
    calls_.weights_.resize(calls_.spans_.size(), 1);
  }

  uint32_t number_of(NodeNames& nodes, const NodeName& node) {
    const bool has_room = nodes.names().size() < ServiceCalls::kMostNodes;
    if (has_room || nodes.knows(node)) return nodes.number_of(node.kind, node.name, node.type);
    put_together_.number_of(node.kind, node.name, node.type);
    calls_.nodes_put_together_ = put_together_.names().size();
    return nodes.number_of(node.kind, ServiceCalls::kOtherNodes, {});
  }

  void leave_out_other_traces() {
    if (!question_.traces || question_.traces->size() <= ServiceSpanReader::kFewTraces) return;
    std::unordered_set<TraceId, HashTrace> wanted(question_.traces->begin(), question_.traces->end());
    std::vector<uint8_t> is_wanted;
    for (const TraceId& id : calls_.relations_.trace_ids) is_wanted.push_back(wanted.contains(id));
    for (size_t row = 0; row < calls_.spans_.size(); ++row) {
      if (is_wanted.empty() || is_wanted[calls_.relations_.traces[row]] == 0)
        calls_.spans_[row].counts = false;
    }
  }

  // The halves of a call that client and server told of under one id, as Zipkin's do: the client's calls the
  // server's, and what names the id as its parent is of its own service's half: mostly the server's.
  void set_halves_apart() {
    struct Halves {
      uint32_t client = kNoRow, server = kNoRow;
    };
    std::unordered_map<uint32_t, Halves> halves_of;  // by each row of the id
    const std::vector<SpanRelations::Twins>& twins = calls_.relations_.twins;
    std::vector<uint32_t> rows;
    for (size_t i = 0; i < twins.size();) {
      const uint32_t one = twins[i].one;
      rows.assign(1, one);
      for (; i < twins.size() && twins[i].one == one; ++i) rows.push_back(twins[i].other);
      Halves halves;
      for (uint32_t row : rows) {
        const ServiceSpan& span = calls_.spans_[row];
        if (span.is_outgoing) take_earlier(halves.client, row);
        if (span.is_server || span.is_consumer) take_earlier(halves.server, row);
      }
      if (halves.client == kNoRow || halves.server == kNoRow) continue;
      for (uint32_t row : rows) halves_of.emplace(row, halves);
    }
    if (halves_of.empty()) return;
    std::vector<uint32_t>& parents = calls_.relations_.parents;
    for (uint32_t row = 0; row < calls_.spans_.size(); ++row) {
      const auto at = halves_of.find(parents[row]);
      if (at == halves_of.end()) continue;
      const uint32_t own = calls_.spans_[row].service;
      const auto [client, server] = at->second;
      const bool is_of_client = own == calls_.spans_[client].service && own != calls_.spans_[server].service;
      parents[row] = is_of_client ? client : server;
    }
    for (const auto& [row, halves] : halves_of) {
      if (!calls_.spans_[row].is_outgoing) parents[row] = halves.client;
    }
  }
  void take_earlier(uint32_t& kept, uint32_t row) const {
    if (kept == kNoRow || calls_.spans_[row].start < calls_.spans_[kept].start) kept = row;
  }

  const ServiceSpan* parent_of(uint32_t row) const {
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
      const ServiceSpan* parent = parent_of(row);
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
      ServiceSpan& span = calls_.spans_[row];
      const ServiceSpan* parent = parent_of(row);
      span.is_entry = span.is_span && (parent == nullptr || parent->service != span.service ||
                                       span.is_server || (span.is_consumer && parent->is_outgoing));
    }
  }

  // Libraries call through other libraries, and each tells of the call: the outermost span stands for it, and
  // an answer to the innermost answers them all.
  bool is_inside_of_call(uint32_t row) const {
    const ServiceSpan* parent = parent_of(row);
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
      ServiceSpan& span = calls_.spans_[row];
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
      ServiceSpan& span = calls_.spans_[row];
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
  uint32_t nameless_ = 0;  // the node of spans without a service
  NodeNames put_together_;
  std::vector<Worker> workers_;
  ServiceCalls calls_;
};

Result<ServiceCalls> ServiceCalls::load(const ServiceQuestion& question, const store::Snapshot& snapshot,
                                        const RunOptions& options, QueryLimits& limits) {
  return ServiceCallsLoader(question).run(snapshot, options, limits);
}

Request ServiceCalls::request_of(uint32_t row, uint32_t node) const {
  const ServiceSpan& span = spans_[row];
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
  const ServiceSpan& span = spans_[row];
  Request call = request_of(row, span.service);
  call.is_root = false;
  if (span.is_from_outside) {
    call.caller = clients_[span.service];
    return call;
  }
  const uint32_t parent = relations_.parents[row];
  if (!SpanRelations::is_stored(parent)) return std::nullopt;
  const ServiceSpan& caller = spans_[parent];
  call.caller = caller.service;
  if (caller.is_outgoing) {
    call.outcome = caller.outcome;
    call.start = {caller.start};
    call.duration = {caller.duration};
  }
  return call;
}

}  // namespace clew::query
