// servicegraph: finds the two spans of each request between services, and counts and measures the requests by
// client and server.
#include <algorithm>
#include <atomic>
#include <list>
#include <map>
#include <mutex>
#include <unordered_map>

#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/connectors/connectors.h"
#include "pipeline/connectors/latency_series.h"
#include "pipeline/connectors/metrics_of_spans.h"
#include "pipeline/otlp/span_walk.h"
#include "pipeline/otlp/span_weight.h"
#include "pipeline/patient_handover.h"
#include "pipeline/periodic_thread.h"
#include "pipeline/self_telemetry.h"
#include "telemetry/otlp_fields.h"

namespace clew::pipeline {
namespace {

constexpr uint64_t kServer = 2, kClient = 3, kProducer = 4, kConsumer = 5;  // SpanKind
constexpr uint64_t kError = 2;                                              // StatusCode

struct ServiceGraphSettings {
  LatencyShape shape{usual_latency_bounds()};
  std::vector<std::string> dimensions;
  Nanoseconds interval = seconds(60);
  Nanoseconds wait = seconds(2);  // for the other span of a request
  uint64_t most_waiting = 1000;
  uint64_t most_edges = 10'000;
  std::vector<std::string> peer_attributes = {"peer.service", "db.name", "db.system"};
  std::vector<std::string> database_attributes = {"db.name"};
  bool labels_virtual_nodes = false;
};

// One request, as far as its spans have come.
struct Call {
  std::string client, server, connection_type, virtual_node;
  std::string peer;  // whom the client's span says it called
  double client_seconds = 0, server_seconds = 0;
  bool failed = false;
  bool is_entry = false;  // the server's span has no parent
  uint64_t weight = 1;
  TextPairs dimensions;
  Nanoseconds until{};  // monotonic
};

class ServiceGraph final : public Connector {
 public:
  ServiceGraph(std::shared_ptr<const ServiceGraphSettings> settings, const Site& site, Consumer& next)
      : settings_(std::move(settings)),
        handover_(site.id.text(), site.timers, next),
        expired_(counter(site, "expired_edges")),
        overflown_(counter(site, "dropped_spans")) {}

  Status start() override {
    flusher_.start("clew-graph", settings_->interval, settings_->interval, [this] { flush(); });
    sweeper_.start("clew-graph-wait", seconds(1), seconds(1), [this] { expire(monotonic_now()); });
    return {};
  }
  void stop() override {
    sweeper_.stop();
    flusher_.stop();
    expire(Nanoseconds{INT64_MAX});
    flush();
    handover_.stop();
  }

  void consume(Batch batch, std::function<void(Outcome)> done) override {
    Status walked;
    {
      std::lock_guard lock(mutex_);
      walked = walk_spans(batch.otlp.view(), [this](const SpanPlace& place) { add(place); });
    }
    done({.status = std::move(walked)});
  }

 private:
  struct Edge {
    explicit Edge(const LatencyShape& shape) : client(shape), server(shape) {}
    TextPairs labels;
    int64_t total = 0, failed = 0;
    LatencySeries client, server;
    UnixNanos start;
  };
  using Waiting = std::list<std::pair<std::string, Call>>;  // oldest first

  static std::atomic<int64_t>& counter(const Site& site, const char* name) {
    return site.telemetry.counter(fmt::format("otelcol_connector_servicegraph_{}", name),
                                  {{"connector", site.id.text()}});
  }

  void add(const SpanPlace& place) {
    const uint64_t kind = place.span.varint(otlp::span::kind);
    const bool is_client = kind == kClient || kind == kProducer;
    if (!is_client && kind != kServer && kind != kConsumer) return;
    const std::string service = text(place.resource, "service.name");
    if (service.empty()) return;
    const std::string_view parent = place.span.bytes(otlp::span::parent_span_id);
    std::string key(place.span.bytes(otlp::span::trace_id));
    key += is_client ? place.span.bytes(otlp::span::span_id) : parent;

    auto found = index_.find(key);
    if (found == index_.end()) {
      if (index_.size() >= settings_->most_waiting) {
        overflown_.fetch_add(1, std::memory_order_relaxed);
        return;
      }
      waiting_.emplace_back(key, Call{});
      waiting_.back().second.until = {monotonic_now().count + settings_->wait.count};
      found = index_.emplace(std::move(key), std::prev(waiting_.end())).first;
    }
    Call& call = found->second->second;
    const uint64_t start = place.span.fixed64(otlp::span::start), end = place.span.fixed64(otlp::span::end);
    const double lasted = end > start ? static_cast<double>(end - start) / 1e9 : 0;
    status_.reset(place.span.bytes(otlp::span::status), 0);
    call.failed = call.failed || status_.varint(otlp::status::code) == kError;
    call.weight = std::max(call.weight, weight_of_span(place.span));
    if (kind == kProducer || kind == kConsumer) call.connection_type = "messaging_system";
    if (is_client) {
      call.client = service;
      call.client_seconds = lasted;
      call.peer = first_of(place, settings_->peer_attributes);
      if (const std::string database = first_of(place, settings_->database_attributes); !database.empty()) {
        call.connection_type = "database";
        call.server = database;
        call.server_seconds = lasted;
      }
    } else {
      call.server = service;
      call.server_seconds = lasted;
      call.is_entry = parent.empty();
    }
    for (const std::string& name : settings_->dimensions) {
      std::string value = text(place.span, name);
      if (value.empty()) value = text(place.resource, name);
      if (!value.empty())
        call.dimensions.emplace_back((is_client ? "client_" : "server_") + name, std::move(value));
    }
    if (call.client.empty() || call.server.empty()) return;
    count(call);
    waiting_.erase(found->second);
    index_.erase(found);
  }

  static std::string text(MessageEditor& message, const std::string& name) {
    const Attribute* found = message.attributes().find(name);
    return found == nullptr ? std::string() : text_of(message.attributes().value_of(*found));
  }
  static std::string first_of(const SpanPlace& place, const std::vector<std::string>& names) {
    for (const std::string& name : names)
      if (std::string value = text(place.span, name); !value.empty()) return value;
    return {};
  }

  void count(const Call& call) {
    TextPairs labels{
        {"client", call.client}, {"server", call.server}, {"connection_type", call.connection_type}};
    if (settings_->labels_virtual_nodes && !call.virtual_node.empty())
      labels.emplace_back("virtual_node", call.virtual_node);
    labels.insert(labels.end(), call.dimensions.begin(), call.dimensions.end());
    if (edges_.size() >= settings_->most_edges && !edges_.contains(labels)) {
      overflown_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    const auto [found, is_new] = edges_.try_emplace(labels, settings_->shape);
    Edge& edge = found->second;
    if (is_new) {
      edge.labels = std::move(labels);
      edge.start = now();
    }
    edge.total += static_cast<int64_t>(call.weight);
    if (call.failed) edge.failed += static_cast<int64_t>(call.weight);
    edge.client.add(settings_->shape, call.client_seconds, call.weight);
    edge.server.add(settings_->shape, call.server_seconds, call.weight);
  }

  // A request whose other span did not come in time was one of somebody who sends no spans, if the span tells
  // whom.
  void expire(Nanoseconds at) {
    std::lock_guard lock(mutex_);
    while (!waiting_.empty() && waiting_.front().second.until <= at) {
      Call call = std::move(waiting_.front().second);
      index_.erase(waiting_.front().first);
      waiting_.pop_front();
      expired_.fetch_add(1, std::memory_order_relaxed);
      if (settings_->peer_attributes.empty()) continue;
      if (call.server.empty() && !call.peer.empty()) {
        call.server = call.peer;
        call.server_seconds = call.client_seconds;
        call.virtual_node = "server";
      } else if (call.client.empty() && call.is_entry) {
        call.client = "user";
        call.client_seconds = call.server_seconds;
        call.virtual_node = "client";
      } else {
        continue;
      }
      call.connection_type = "virtual_node";
      count(call);
    }
  }

  void flush() {
    if (handover_.held_bytes() > kMostHeldMetricBytes) return;
    std::optional<MetricRequest> request;
    {
      std::lock_guard lock(mutex_);
      request.emplace("traces_service_graph");
      request->begin_resource({});
      const UnixNanos at = now();
      const MetricTime time{.start = at, .at = at};
      std::vector<NumberPoint> total, failed;
      std::vector<HistogramPoint> client, server;
      for (const auto& [labels, edge] : edges_) {
        const PointExtras extras{.start = edge.start};
        total.push_back({labels, edge.total, extras});
        failed.push_back({labels, edge.failed, extras});
        for (auto* points : {&client, &server}) {
          points->push_back((points == &client ? edge.client : edge.server).histogram_point());
          points->back().attributes = labels;
          points->back().extras = extras;
        }
      }
      request->add("traces_service_graph_request_total", "", MetricKind::monotonic_sum, time, total);
      request->add("traces_service_graph_request_failed_total", "", MetricKind::monotonic_sum, time, failed);
      request->add_histogram("traces_service_graph_request_client_seconds", "s", time,
                             settings_->shape.bounds, client);
      request->add_histogram("traces_service_graph_request_server_seconds", "s", time,
                             settings_->shape.bounds, server);
    }
    if (request->points() > 0) handover_.hand_on(request->take());
  }

  const std::shared_ptr<const ServiceGraphSettings> settings_;
  PatientHandover handover_;
  std::atomic<int64_t>& expired_;
  std::atomic<int64_t>& overflown_;

  std::mutex mutex_;
  // Guarded by mutex_:
  Waiting waiting_;
  std::unordered_map<std::string, Waiting::iterator> index_;
  std::map<TextPairs, Edge> edges_;
  MessageEditor status_;

  PeriodicThread sweeper_;
  PeriodicThread flusher_;
};

}  // namespace

MakeConnector configure_servicegraph(Section& section) {
  const auto settings = std::make_shared<ServiceGraphSettings>();
  std::string database;
  read_latency_bounds(section, "latency_histogram_buckets", settings->shape.bounds);
  section.read("dimensions", settings->dimensions);
  section.read("metrics_flush_interval", settings->interval);
  section.read("virtual_node_peer_attributes", settings->peer_attributes);
  section.read("virtual_node_extra_label", settings->labels_virtual_nodes);
  section.read("database_name_attributes", settings->database_attributes);
  if (section.read("database_name_attribute", database)) settings->database_attributes = {database};
  section.ignore({"cache_loop", "store_expiration_loop", "metrics_timestamp_offset"});
  section.refuse("exponential_histogram_max_size", "clew counts in the buckets of latency_histogram_buckets");
  section.refuse("metrics_exporter",
                 "it is the notation of the processor; name the connector in a pipeline of metrics");
  Section store = section.section("store");
  store.read("ttl", settings->wait);
  store.read("max_items", settings->most_waiting);
  if (settings->interval.count == 0) settings->interval = seconds(60);
  if (settings->most_waiting == 0) store.error("max_items", "expected at least 1");
  return makes_connector_of_metrics<ServiceGraph, ServiceGraphSettings>(settings);
}

}  // namespace clew::pipeline
