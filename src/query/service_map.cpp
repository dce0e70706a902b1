#include "query/service_map.h"

#include <algorithm>
#include <atomic>
#include <tuple>
#include <unordered_map>

namespace clew::query {

void RequestFigures::add(const Request& request) {
  counts_[static_cast<size_t>(request.outcome)] += request.weight;
  const double duration = request.duration.to_seconds();
  seconds_ += duration * static_cast<double>(request.weight);
  first_ = std::min(first_, request.start);
  last_ = std::max(last_, request.start + request.duration);
  if (request.duration.count <= 0) {
    instant_ += request.weight;
  } else {
    durations_.add(duration, request.weight);
  }
}

void RequestFigures::merge(const RequestFigures& other) {
  for (size_t i = 0; i < std::size(counts_); ++i) counts_[i] += other.counts_[i];
  seconds_ += other.seconds_;
  first_ = std::min(first_, other.first_);
  last_ = std::max(last_, other.last_);
  instant_ += other.instant_;
  durations_.merge(other.durations_);
}

std::vector<std::pair<double, uint64_t>> RequestFigures::histogram() const {
  std::vector<std::pair<double, uint64_t>> bars;
  if (instant_ > 0) bars.emplace_back(0, instant_);
  const std::vector<uint64_t>& counts = durations_.counts();
  for (uint32_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) bars.emplace_back(BucketWindow::value_of(durations_.first() + i), counts[i]);
  }
  return bars;
}

std::optional<double> RequestFigures::quantile_seconds(double quantile) const {
  if (total() == 0) return std::nullopt;
  const auto rank = static_cast<uint64_t>(quantile * static_cast<double>(total() - 1));
  uint64_t seen = 0;
  for (const auto& [duration, count] : histogram()) {
    seen += count;
    if (seen > rank) return duration;
  }
  return std::nullopt;
}

namespace {

// Spans that a worker takes at a time.
constexpr uint32_t kShare = 1 << 16;

// What one worker has counted.
struct Tally {
  std::vector<ServiceNode> nodes;
  std::vector<uint8_t> takes_part;
  std::vector<ServiceEdge> edges;
  std::unordered_map<uint64_t, uint32_t> edge_numbers;

  RequestFigures& edge(uint32_t from, uint32_t to) {
    auto [at, is_new] =
        edge_numbers.try_emplace(uint64_t{from} << 32 | to, static_cast<uint32_t>(edges.size()));
    if (is_new) {
      edges.push_back({from, to, {}});
      takes_part[from] = takes_part[to] = 1;
    }
    return edges[at->second].calls;
  }
  void count(const ServiceCalls& calls, ServiceCalls::SpanRange spans) {
    if (nodes.empty()) {
      nodes.resize(calls.nodes().size());
      takes_part.resize(nodes.size());
    }
    calls.for_each_request(spans, [this](const Request& request) {
      ServiceNode& node = nodes[request.node];
      node.requests.add(request);
      node.is_root |= request.is_root;
      takes_part[request.node] = 1;
    });
    calls.for_each_call(spans, [this](const Request& call) { edge(call.caller, call.node).add(call); });
  }
  void merge(const Tally& other) {
    if (other.nodes.empty()) return;
    if (nodes.empty()) {
      *this = other;
      return;
    }
    for (size_t i = 0; i < nodes.size(); ++i) {
      nodes[i].requests.merge(other.nodes[i].requests);
      nodes[i].is_root |= other.nodes[i].is_root;
      takes_part[i] |= other.takes_part[i];
    }
    for (const ServiceEdge& one : other.edges) edge(one.from, one.to).merge(one.calls);
  }
};

Tally count_all(const ServiceCalls& calls, ThreadPool* pool) {
  std::vector<Tally> tallies(pool == nullptr ? 1 : pool->width());
  const uint32_t all = calls.all_spans().end;
  std::atomic<uint64_t> next = 0;
  const auto work = [&](size_t worker) {
    for (uint64_t begin = next.fetch_add(kShare); begin < all; begin = next.fetch_add(kShare)) {
      const auto first = static_cast<uint32_t>(begin);
      tallies[worker].count(calls, {first, std::min(all - first, kShare) + first});
    }
  };
  if (pool == nullptr) {
    work(0);
  } else {
    pool->run_on_all(tallies.size(), work);
  }
  for (size_t i = 1; i < tallies.size(); ++i) tallies[0].merge(tallies[i]);
  return std::move(tallies[0]);
}

}  // namespace

Result<ServiceMap> map_services(const ServiceQuestion& question, const store::Snapshot& snapshot,
                                const RunOptions& options) {
  QueryLimits limits(options);
  CLEW_ASSIGN(ServiceCalls calls, ServiceCalls::load(question, snapshot, options, limits));
  Tally tally = count_all(calls, options.pool);
  std::vector<ServiceNode>& nodes = tally.nodes;
  for (size_t i = 0; i < nodes.size(); ++i) nodes[i].name = calls.nodes()[i];
  CLEW_TRY(limits.check());

  ServiceMap map;
  std::vector<uint32_t> order;
  for (uint32_t i = 0; i < nodes.size(); ++i) {
    if (tally.takes_part[i] != 0) order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return nodes[a].name < nodes[b].name; });
  std::vector<uint32_t> position(nodes.size());
  for (uint32_t i : order) {
    position[i] = static_cast<uint32_t>(map.nodes.size());
    map.nodes.push_back(std::move(nodes[i]));
  }
  for (ServiceEdge& edge : tally.edges) {
    edge.from = position[edge.from];
    edge.to = position[edge.to];
  }
  std::sort(tally.edges.begin(), tally.edges.end(), [](const ServiceEdge& a, const ServiceEdge& b) {
    return std::tie(a.from, a.to) < std::tie(b.from, b.to);
  });
  map.edges = std::move(tally.edges);
  map.nodes_put_together = calls.nodes_put_together();
  map.cost = calls.cost();
  map.cost.elapsed = limits.elapsed();
  return map;
}

}  // namespace clew::query
