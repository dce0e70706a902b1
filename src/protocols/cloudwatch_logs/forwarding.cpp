#include "protocols/cloudwatch_logs/forwarding.h"

#include <charconv>
#include <cmath>
#include <optional>

#include "base/log.h"
#include "protocols/cloudwatch_logs/api.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/filter_pattern.h"
#include "protocols/cloudwatch_logs/group_filters.h"
#include "protocols/cloudwatch_logs/live_tails.h"
#include "protocols/cloudwatch_logs/metric_filter.h"
#include "protocols/cloudwatch_logs/subscription_delivery.h"
#include "protocols/cloudwatch_logs/subscription_document.h"
#include "protocols/cloudwatch_logs/subscription_filter.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr size_t kMostGroupsKnown = 10'000;

// The text that "$.a" or "$column" stands for in a message that matches; nothing when it has none.
std::optional<std::string> selected(const FilterPattern& pattern, std::string_view selector,
                                    std::string_view message) {
  if (pattern.is_json()) {
    const auto steps = parse_selector(selector);
    return steps.ok() ? value_at(message, *steps) : std::nullopt;
  }
  const auto values = pattern.extracted(message);
  const auto found = values.find(std::string(selector));
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size() && std::isfinite(number);
  return whole ? std::optional(number) : std::nullopt;
}

struct Point {
  int64_t milliseconds = 0;
  double value = 0;
  std::vector<std::pair<std::string, std::string>> dimensions;
};

void write_attribute(ProtobufWriter& writer, uint32_t field, std::string_view key, std::string_view text) {
  const auto pair = writer.begin_message(field);
  writer.bytes(otlp::key_value::key, key);
  const auto value = writer.begin_message(otlp::key_value::value);
  writer.bytes(otlp::any_value::string, text);
  writer.end_message(value);
  writer.end_message(pair);
}

void write_metric(ProtobufWriter& writer, const MetricFilter& filter, const std::vector<Point>& points) {
  const auto metric = writer.begin_message(otlp::scope_items::items);
  writer.bytes(otlp::metric::name, filter.metric);
  if (!filter.unit.empty() && filter.unit != "None") writer.bytes(otlp::metric::unit, filter.unit);
  const auto gauge = writer.begin_message(otlp::metric::gauge);
  for (const Point& one : points) {
    const auto point = writer.begin_message(otlp::metric_data::points);
    writer.fixed64(otlp::number_point::time, static_cast<uint64_t>(one.milliseconds) * 1'000'000);
    writer.floating(otlp::number_point::as_double, one.value);
    write_attribute(writer, otlp::number_point::attributes, "aws.cloudwatch.namespace", filter.space);
    for (const auto& [name, value] : one.dimensions)
      write_attribute(writer, otlp::number_point::attributes, name, value);
    writer.end_message(point);
  }
  writer.end_message(gauge);
  writer.end_message(metric);
}

}  // namespace

struct Forwarding::Filters {
  struct Metric {
    MetricFilter filter;
    FilterPattern pattern;

    // Of an event that matches; nothing when the value is no number there.
    std::optional<Point> point(const PutEvent& event) const {
      Point point{.milliseconds = event.milliseconds};
      std::optional<double> value = number_in(filter.value);
      if (!value) {
        const auto text = selected(pattern, filter.value, event.message);
        value = text ? number_in(*text) : std::nullopt;
      }
      if (!value) return std::nullopt;
      point.value = *value;
      for (const auto& [name, selector] : filter.dimensions)
        if (auto text = selected(pattern, selector, event.message))
          point.dimensions.emplace_back(name, std::move(*text));
      return point;
    }
  };
  struct Subscription {
    SubscriptionFilter filter;
    FilterPattern pattern;
  };
  std::vector<Metric> metrics;
  std::vector<Subscription> subscriptions;
};

std::shared_ptr<const Forwarding::Filters> Forwarding::filters_of(EnvironmentId environment,
                                                                  std::string_view group) {
  const std::pair<EnvironmentId, std::string> key(environment, group);
  uint64_t changes = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto known = filters_.find(key);
    if (known != filters_.end()) return known->second;
    changes = changes_;
  }
  auto filters = std::make_shared<Filters>();
  const auto metrics = GroupFilters<MetricFilter>(*options_.records, environment, group).list();
  if (metrics.ok()) {
    for (const MetricFilter& filter : *metrics) {
      Result<FilterPattern> pattern = FilterPattern::parse(filter.pattern);
      if (pattern.ok()) filters->metrics.push_back({filter, *std::move(pattern)});
    }
  }
  const auto subscriptions = GroupFilters<SubscriptionFilter>(*options_.records, environment, group).list();
  if (subscriptions.ok()) {
    for (const SubscriptionFilter& filter : *subscriptions) {
      Result<FilterPattern> pattern = FilterPattern::parse(filter.pattern);
      if (pattern.ok()) filters->subscriptions.push_back({filter, *std::move(pattern)});
    }
  }
  const std::lock_guard lock(mutex_);
  // What changed meanwhile may not have been read.
  if (changes != changes_) return filters;
  if (filters_.size() >= kMostGroupsKnown) filters_.clear();
  filters_[key] = filters;
  return filters;
}

void Forwarding::changed(EnvironmentId environment, std::string_view group) {
  const std::lock_guard lock(mutex_);
  ++changes_;
  filters_.erase({environment, std::string(group)});
}

bool Forwarding::is_wanted(EnvironmentId environment, std::string_view group) {
  if (tails_.any()) return true;
  const auto filters = filters_of(environment, group);
  return !filters->metrics.empty() || !filters->subscriptions.empty();
}

void Forwarding::later(std::function<void()> task) {
  if (!workers_.submit(task) && !workers_.stopping()) task();
}

void Forwarding::forward(const StoredEvents& stored) {
  tails_.offer(stored);
  const auto filters = filters_of(stored.environment, stored.group);
  if (stored.events.empty()) return;
  for (const Filters::Subscription& one : filters->subscriptions) {
    const SubscriptionDocument document = data_message(one.filter.name, one.pattern, stored);
    if (document.events > 0) deliveries_.enqueue(one.filter.destination, document.json, document.events);
  }
  if (!filters->metrics.empty()) make_metrics(stored, *filters);
}

void Forwarding::make_metrics(const StoredEvents& stored, const Filters& filters) {
  std::string otlp;
  ProtobufWriter writer(otlp);
  const auto resource_metrics = writer.begin_message(otlp::request::resources);
  const auto resource = writer.begin_message(otlp::resource_items::resource);
  write_attribute(writer, otlp::resource::attributes, "service.name", stored.group);
  write_attribute(writer, otlp::resource::attributes, column::kGroup, stored.group);
  write_attribute(writer, otlp::resource::attributes, "cloud.region", stored.region);
  writer.end_message(resource);
  const auto scope_metrics = writer.begin_message(otlp::resource_items::scopes);
  bool any = false;
  for (const Filters::Metric& metric : filters.metrics) {
    std::vector<Point> points;
    for (const PutEvent& event : stored.events) {
      if (!metric.pattern.matches(event.message)) continue;
      if (auto point = metric.point(event)) points.push_back(std::move(*point));
    }
    // Events came, and none of them matched.
    if (points.empty() && metric.filter.default_value)
      points.push_back({stored.events.back().milliseconds, *metric.filter.default_value, {}});
    if (points.empty()) continue;
    any = true;
    write_metric(writer, metric.filter, points);
  }
  writer.end_message(scope_metrics);
  writer.end_message(resource_metrics);
  if (!any) return;
  options_.consumer->consume(
      {.signal = Signal::metrics, .environment = stored.environment, .otlp = SharedBytes(std::move(otlp))},
      [](const pipeline::Outcome& outcome) {
        if (!outcome.status.ok())
          log_warning("logs",
                      "metrics of metric filters were not stored: " + std::string(outcome.status.message()));
      });
}

}  // namespace clew::cloudwatch_logs
