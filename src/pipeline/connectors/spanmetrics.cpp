// spanmetrics: counts spans and measures how long they took, by service, name, kind, status and what else is
// asked for.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <mutex>
#include <unordered_map>

#include <fmt/format.h>

#include "pipeline/config/configured_value.h"
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

constexpr const char* kOverflow = "otel.metric.overflow";

struct Dimension {
  std::string name;
  std::optional<std::string> otherwise;  // an AnyValue message
};

struct SpanMetricsSettings {
  std::string prefix = "traces.span.metrics.";
  LatencyShape shape{usual_latency_bounds()};
  bool measures_durations = true;
  bool in_seconds = false;
  std::vector<Dimension> dimensions, call_dimensions, duration_dimensions, event_dimensions;
  std::vector<std::string> left_out;  // of the four usual ones
  std::vector<std::string> resource_keys;
  bool delta = false;
  bool counts_events = false;
  bool has_exemplars = false;
  uint64_t most_exemplars = 5;
  uint64_t most_series = 10'000;  // of one resource and metric
  uint64_t most_resources = 1000;
  Nanoseconds interval = seconds(60);
  Nanoseconds expiration{};  // 0: never
};

constexpr std::string_view kKinds[] = {"SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER",
                                       "SPAN_KIND_CLIENT",      "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"};
constexpr std::string_view kStatuses[] = {"STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"};

class SpanMetrics final : public Connector {
 public:
  SpanMetrics(std::shared_ptr<const SpanMetricsSettings> settings, const Site& site, Consumer& next)
      : settings_(std::move(settings)),
        handover_(site.id.text(), site.timers, next),
        overflown_(
            site.telemetry.counter("clew_spanmetrics_overflown_spans", {{"connector", site.id.text()}})) {}

  Status start() override {
    thread_.start("clew-spanmetric", settings_->interval, settings_->interval, [this] { flush(); });
    return {};
  }
  void stop() override {
    thread_.stop();
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
  struct Series {
    explicit Series(const LatencyShape& shape) : latency(shape) {}
    EncodedPairs attributes;
    LatencySeries latency;
    std::vector<Exemplar> exemplars;
    UnixNanos start;
    Nanoseconds touched{};
  };
  using Table = std::unordered_map<std::string, Series>;  // by attributes as bytes
  struct Resource {
    std::string message;
    Table calls, durations, events;
  };

  void add(const SpanPlace& place) {
    Resource& resource = resource_of(place);
    const uint64_t weight = weight_of_span(place.span);
    const uint64_t start = place.span.fixed64(otlp::span::start), end = place.span.fixed64(otlp::span::end);
    const double unit = settings_->in_seconds ? 1e9 : 1e6;  // nanoseconds
    const double duration = end > start ? static_cast<double>(end - start) / unit : 0;
    EncodedPairs usual;
    add_usual(place, usual);
    add_dimensions(settings_->dimensions, place, nullptr, usual);

    EncodedPairs attributes = usual;
    add_dimensions(settings_->call_dimensions, place, nullptr, attributes);
    Series& calls = series_of(resource.calls, std::move(attributes), weight);
    calls.latency.add(settings_->shape, duration, weight);
    keep_exemplar(calls, place, duration);

    if (settings_->measures_durations) {
      attributes = usual;
      add_dimensions(settings_->duration_dimensions, place, nullptr, attributes);
      Series& durations = series_of(resource.durations, std::move(attributes), weight);
      durations.latency.add(settings_->shape, duration, weight);
      keep_exemplar(durations, place, duration);
    }
    if (settings_->counts_events)
      place.span.for_each(otlp::span::events, [&](std::string_view bytes) {
        event_.reset(bytes, otlp::event::attributes);
        EncodedPairs of_event = usual;
        add_dimensions(settings_->event_dimensions, place, &event_, of_event);
        series_of(resource.events, std::move(of_event), weight).latency.add(settings_->shape, 0, weight);
      });
  }

  Resource& resource_of(const SpanPlace& place) {
    std::string key;
    if (settings_->resource_keys.empty()) {
      key = place.resource_bytes;
    } else {
      for (const std::string& name : settings_->resource_keys) {
        if (const Attribute* found = place.resource.attributes().find(name)) key += found->value;
        key += '\0';
      }
    }
    if (last_resource_ != nullptr && key == last_resource_key_) return *last_resource_;
    auto found = resources_.find(key);
    if (found == resources_.end()) {
      std::string message(place.resource_bytes);
      if (resources_.size() >= settings_->most_resources) {
        key = kOverflow;
        message.clear();
      }
      found = resources_.try_emplace(key).first;
      if (found->second.message.empty()) found->second.message = std::move(message);
    }
    last_resource_key_ = found->first;
    last_resource_ = &found->second;
    return found->second;
  }

  void add_usual(const SpanPlace& place, EncodedPairs& to) const {
    const auto add = [&](const char* name, auto value) {
      if (std::find(settings_->left_out.begin(), settings_->left_out.end(), name) ==
          settings_->left_out.end())
        to.emplace_back(name, value());
    };
    add("service.name", [&] {
      const Attribute* found = place.resource.attributes().find("service.name");
      return found == nullptr ? string_value("") : std::string(found->value);
    });
    add("span.name", [&] { return string_value(place.span.bytes(otlp::span::name)); });
    add("span.kind", [&] {
      const uint64_t kind = place.span.varint(otlp::span::kind);
      return string_value(kKinds[kind < std::size(kKinds) ? kind : 0]);
    });
    add("status.code", [&] {
      status_.reset(place.span.bytes(otlp::span::status), 0);
      const uint64_t code = status_.varint(otlp::status::code);
      return string_value(kStatuses[code < std::size(kStatuses) ? code : 0]);
    });
  }

  // Of the event, if there is one, the span, or the resource.
  static void add_dimensions(const std::vector<Dimension>& dimensions, const SpanPlace& place,
                             MessageEditor* event, EncodedPairs& to) {
    for (const Dimension& one : dimensions) {
      const Attribute* found = event != nullptr ? event->attributes().find(one.name) : nullptr;
      if (found == nullptr) found = place.span.attributes().find(one.name);
      if (found == nullptr) found = place.resource.attributes().find(one.name);
      if (found != nullptr)
        to.emplace_back(one.name, found->value);
      else if (one.otherwise)
        to.emplace_back(one.name, *one.otherwise);
    }
  }

  Series& series_of(Table& table, EncodedPairs attributes, uint64_t weight) {
    const auto key_of = [](const EncodedPairs& pairs) {
      std::string key;
      for (const auto& [name, value] : pairs) {
        key += name;
        key += '\0';
        key += value;
        key += '\0';
      }
      return key;
    };
    std::string key = key_of(attributes);
    auto found = table.find(key);
    if (found == table.end()) {
      if (table.size() >= settings_->most_series) {
        overflown_.fetch_add(static_cast<int64_t>(weight), std::memory_order_relaxed);
        attributes = {{kOverflow, boolean_value(true)}};
        key = key_of(attributes);
      }
      const auto [place, is_new] = table.try_emplace(std::move(key), settings_->shape);
      if (is_new) {
        place->second.attributes = std::move(attributes);
        place->second.start = now();
      }
      found = place;
    }
    found->second.touched = monotonic_now();
    return found->second;
  }

  void keep_exemplar(Series& series, const SpanPlace& place, double duration) const {
    if (!settings_->has_exemplars || series.exemplars.size() >= settings_->most_exemplars) return;
    series.exemplars.push_back(
        {.at = {static_cast<int64_t>(std::min<uint64_t>(place.span.fixed64(otlp::span::end), INT64_MAX))},
         .value = duration,
         .trace_id = std::string(place.span.bytes(otlp::span::trace_id)),
         .span_id = std::string(place.span.bytes(otlp::span::span_id))});
  }

  void flush() {
    if (handover_.held_bytes() > kMostHeldMetricBytes) return;
    std::optional<MetricRequest> request;
    {
      std::lock_guard lock(mutex_);
      request.emplace("spanmetricsconnector");
      const UnixNanos at = now();
      for (auto resource = resources_.begin(); resource != resources_.end();) {
        write(resource->second, at, *request);
        const bool is_empty = resource->second.calls.empty() && resource->second.durations.empty() &&
                              resource->second.events.empty();
        resource = is_empty ? resources_.erase(resource) : std::next(resource);
      }
      last_resource_ = nullptr;
    }
    if (request->points() > 0) handover_.hand_on(request->take());
  }

  void write(Resource& resource, UnixNanos at, MetricRequest& request) {
    request.begin_resource_message(resource.message);
    const MetricTime time{.start = at, .at = at, .delta = settings_->delta};
    const std::string& prefix = settings_->prefix;
    const std::string_view unit = settings_->in_seconds ? "s" : "ms";
    request.add(prefix + "calls", "", MetricKind::monotonic_sum, time, counts(resource.calls));
    request.add(prefix + "events", "", MetricKind::monotonic_sum, time, counts(resource.events));
    if (settings_->shape.exponential_size != 0) {
      std::vector<ExponentialPoint> points;
      for (auto& [key, series] : resource.durations) {
        points.push_back(series.latency.exponential_point());
        points.back().extras = extras_of(series);
      }
      request.add_exponential(prefix + "duration", unit, time, points);
    } else {
      std::vector<HistogramPoint> points;
      for (auto& [key, series] : resource.durations) {
        points.push_back(series.latency.histogram_point());
        points.back().extras = extras_of(series);
      }
      request.add_histogram(prefix + "duration", unit, time, settings_->shape.bounds, points);
    }
    for (Table* table : {&resource.calls, &resource.durations, &resource.events}) forget(*table);
  }

  static PointExtras extras_of(Series& series) {
    return {
        .typed = series.attributes, .exemplars = std::exchange(series.exemplars, {}), .start = series.start};
  }

  std::vector<NumberPoint> counts(Table& table) {
    std::vector<NumberPoint> points;
    for (auto& [key, series] : table)
      points.push_back({{}, static_cast<int64_t>(series.latency.count()), extras_of(series)});
    return points;
  }

  void forget(Table& table) const {
    if (settings_->delta) return table.clear();
    if (settings_->expiration.count == 0) return;
    const int64_t oldest = monotonic_now().count - settings_->expiration.count;
    std::erase_if(table, [&](const auto& one) { return one.second.touched.count < oldest; });
  }

  const std::shared_ptr<const SpanMetricsSettings> settings_;
  PatientHandover handover_;
  std::atomic<int64_t>& overflown_;

  std::mutex mutex_;
  // Guarded by mutex_:
  std::map<std::string, Resource> resources_;
  std::string last_resource_key_;
  Resource* last_resource_ = nullptr;
  MessageEditor event_;
  mutable MessageEditor status_;

  PeriodicThread thread_;
};

void read_dimensions(Section& section, const char* key, std::vector<Dimension>& to) {
  section.for_each(key, [&](Section& item) {
    Dimension dimension;
    item.read("name", dimension.name);
    if (std::optional<std::string> text; item.read("default", text))
      dimension.otherwise = string_value(*text);
    if (dimension.name.empty()) item.error("expected name: of an attribute");
    to.push_back(std::move(dimension));
  });
}

void read_histogram(Section&& histogram, SpanMetricsSettings& settings) {
  bool disabled = false;
  std::string unit = "ms";
  histogram.read("disable", disabled);
  histogram.read_choice("unit", unit, {"ms", "s"});
  settings.measures_durations = !disabled;
  settings.in_seconds = unit == "s";
  read_dimensions(histogram, "dimensions", settings.duration_dimensions);
  const bool is_explicit = histogram.has("explicit"), is_exponential = histogram.has("exponential");
  if (is_explicit && is_exponential) histogram.error("expected explicit or exponential, not both");
  if (is_explicit) {
    Section inner = histogram.section("explicit");
    read_latency_bounds(inner, "buckets", settings.shape.bounds);
  }
  if (is_exponential) {
    Section inner = histogram.section("exponential");
    uint64_t size = 160;
    inner.read("max_size", size);
    if (size < 2 || size > 10'000) inner.error("max_size", "expected 2 to 10000");
    settings.shape.exponential_size = static_cast<size_t>(std::clamp<uint64_t>(size, 2, 10'000));
  }
  if (!settings.in_seconds)
    for (double& bound : settings.shape.bounds) bound = std::round(bound * 1e9) / 1e6;
}

}  // namespace

MakeConnector configure_spanmetrics(Section& section) {
  const auto settings = std::make_shared<SpanMetricsSettings>();
  std::string space = "traces.span.metrics", temporality = "AGGREGATION_TEMPORALITY_CUMULATIVE";
  read_histogram(section.section("histogram"), *settings);
  read_dimensions(section, "dimensions", settings->dimensions);
  read_dimensions(section, "calls_dimensions", settings->call_dimensions);
  section.read("exclude_dimensions", settings->left_out);
  section.read("resource_metrics_key_attributes", settings->resource_keys);
  section.read("resource_metrics_cache_size", settings->most_resources);
  section.read("aggregation_cardinality_limit", settings->most_series);
  section.read("namespace", space);
  section.read("metrics_flush_interval", settings->interval);
  section.read("metrics_expiration", settings->expiration);
  section.read_choice("aggregation_temporality", temporality,
                      {"AGGREGATION_TEMPORALITY_CUMULATIVE", "AGGREGATION_TEMPORALITY_DELTA"});
  section.ignore({"dimensions_cache_size", "metric_timestamp_cache_size", "delta_temporality"});
  section.refuse("include_instrumentation_scope", "clew does not offer this; use dimensions");
  settings->delta = temporality == "AGGREGATION_TEMPORALITY_DELTA";
  settings->prefix = space.empty() ? "" : space + ".";
  if (settings->interval.count < 1'000'000) section.error("metrics_flush_interval", "expected at least 1ms");
  if (settings->most_series == 0) settings->most_series = 10'000;
  if (settings->most_resources == 0) section.error("resource_metrics_cache_size", "expected at least 1");
  {
    Section exemplars = section.section("exemplars");
    exemplars.read("enabled", settings->has_exemplars);
    exemplars.read("max_per_data_point", settings->most_exemplars);
    if (settings->most_exemplars == 0 || settings->most_exemplars > 1000)
      exemplars.error("max_per_data_point", "expected 1 to 1000");
  }
  {
    Section events = section.section("events");
    events.read("enabled", settings->counts_events);
    read_dimensions(events, "dimensions", settings->event_dimensions);
    if (settings->counts_events && settings->event_dimensions.empty())
      events.error("expected dimensions: attributes of events");
  }
  return makes_connector_of_metrics<SpanMetrics, SpanMetricsSettings>(settings);
}

}  // namespace clew::pipeline
