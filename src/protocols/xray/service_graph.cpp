#include "protocols/xray/service_graph.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>

#include "protocols/xray/segment_document.h"

namespace clew::xray {
namespace {

using query::NodeKind;
using query::Outcome;

void write_times(JsonWriter& json, const query::RequestFigures& figures) {
  if (figures.total() == 0) return;
  json.key("StartTime").number(seconds_of(figures.first())).key("EndTime").number(seconds_of(figures.last()));
}

// They are in the order of where they begin.
std::span<const query::ServiceEdge> edges_from(const query::ServiceMap& map, uint32_t node) {
  const auto begins_before = [](const query::ServiceEdge& edge, uint32_t number) {
    return edge.from < number;
  };
  const auto first = std::lower_bound(map.edges.begin(), map.edges.end(), node, begins_before);
  const auto last = std::lower_bound(first, map.edges.end(), node + 1, begins_before);
  return {first, last};
}

}  // namespace

query::ServiceQuestion graph_question(const TimeRange& range) {
  return {.range = range,
          .filter = {},
          .traces = {},
          .service_type = query::ColumnName{"aws.xray.origin", store::Scope::attribute}};
}

std::string_view type_of(const query::NodeName& node) {
  switch (node.kind) {
    case NodeKind::service:
    case NodeKind::cloud:
      return node.type;
    case NodeKind::client:
      return "client";
    case NodeKind::database:
      return "Database::SQL";
    case NodeKind::queue:
    case NodeKind::remote:
      return "remote";
  }
  return {};
}

bool is_selected(const NodeSelector& selector, const query::NodeName& node) {
  // Accounts are not told apart.
  return (!selector.name || *selector.name == node.name) &&
         (!selector.type || *selector.type == type_of(node));
}

void write_statistics(JsonWriter& json, const query::RequestFigures& figures) {
  const uint64_t errors = figures.count(Outcome::error), throttles = figures.count(Outcome::throttle),
                 faults = figures.count(Outcome::fault);
  json.begin_object().key("OkCount").integer(figures.count(Outcome::ok));
  json.key("ErrorStatistics").begin_object();
  json.key("ThrottleCount").integer(throttles).key("OtherCount").integer(errors);
  json.key("TotalCount").integer(errors + throttles).end_object();
  json.key("FaultStatistics").begin_object();
  json.key("OtherCount").integer(faults).key("TotalCount").integer(faults).end_object();
  json.key("TotalCount").integer(figures.total());
  json.key("TotalResponseTime").number(figures.total_seconds()).end_object();
}

void write_histogram(JsonWriter& json, const query::RequestFigures& figures) {
  // To the millisecond, as X-Ray has them.
  std::map<int64_t, uint64_t> by_millisecond;
  for (const auto& [duration, count] : figures.histogram())
    by_millisecond[std::llround(duration * 1e3)] += count;
  json.begin_array();
  for (const auto& [millisecond, count] : by_millisecond) {
    json.begin_object().key("Value").number(static_cast<double>(millisecond) / 1e3);
    json.key("Count").integer(count).end_object();
  }
  json.end_array();
}

void write_service(JsonWriter& json, const query::ServiceMap& map, uint32_t number) {
  const query::ServiceNode& node = map.nodes[number];
  const bool is_client = node.name.kind == NodeKind::client;
  const std::span<const query::ServiceEdge> edges = edges_from(map, number);
  json.begin_object().key("ReferenceId").integer(number);
  json.key("Name").string(node.name.name).key("Names").begin_array().string(node.name.name).end_array();
  if (node.is_root) json.key("Root").boolean(true);
  if (const std::string_view type = type_of(node.name); !type.empty()) json.key("Type").string(type);
  json.key("State").string(node.name.kind == NodeKind::service ? "active" : "unknown");
  if (is_client) {
    // It was active while it called.
    query::RequestFigures calls;
    for (const query::ServiceEdge& edge : edges) calls.merge(edge.calls);
    write_times(json, calls);
  } else {
    write_times(json, node.requests);
  }
  json.key("Edges").begin_array();
  for (const query::ServiceEdge& edge : edges) {
    json.begin_object().key("ReferenceId").integer(edge.to);
    write_times(json, edge.calls);
    write_statistics(json.key("SummaryStatistics"), edge.calls);
    write_histogram(json.key("ResponseTimeHistogram"), edge.calls);
    json.key("Aliases").begin_array().end_array().end_object();
  }
  json.end_array();
  if (!is_client) {
    write_statistics(json.key("SummaryStatistics"), node.requests);
    write_histogram(json.key("DurationHistogram"), node.requests);
    write_histogram(json.key("ResponseTimeHistogram"), node.requests);
  }
  json.end_object();
}

}  // namespace clew::xray
