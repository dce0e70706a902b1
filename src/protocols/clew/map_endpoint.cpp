// The map of services: nodes and the calls between them.

#include <array>

#include "protocols/clew/endpoints.h"
#include "protocols/clew/parameters.h"
#include "protocols/clew/values.h"
#include "query/service_map.h"

namespace clew::api {
namespace {

constexpr std::string_view name_of(query::NodeKind kind) {
  constexpr std::array<std::string_view, 6> kNames = {"service", "client", "database",
                                                      "queue",   "cloud",  "remote"};
  return kNames[static_cast<size_t>(kind)];
}

void write_figures(JsonWriter& json, const query::RequestFigures& figures) {
  using query::Outcome;
  const uint64_t total = figures.total();
  json.key("requests").integer(total);
  json.key("errors").integer(figures.count(Outcome::error));
  json.key("throttles").integer(figures.count(Outcome::throttle));
  json.key("faults").integer(figures.count(Outcome::fault));
  auto milliseconds = [&](std::string_view name, std::optional<double> seconds) {
    json.key(name);
    if (seconds) {
      json.number(*seconds * 1e3);
    } else {
      json.null();
    }
  };
  milliseconds("average_ms", total == 0
                                 ? std::nullopt
                                 : std::optional(figures.total_seconds() / static_cast<double>(total)));
  milliseconds("p50_ms", figures.quantile_seconds(0.5));
  milliseconds("p95_ms", figures.quantile_seconds(0.95));
  milliseconds("p99_ms", figures.quantile_seconds(0.99));
}

}  // namespace

net::Response answer_map(const Call& call) {
  Parameters parameters(call);
  query::ServiceQuestion question;
  question.range = parameters.range();
  question.filter = parameters.condition();
  if (!parameters.ok()) return parameters.refusal();
  Watch watch(call);
  Result<query::ServiceMap> map =
      query::map_services(question, call.snapshot(Signal::traces), watch.run_options());
  if (!map.ok()) return refusal(map.status());

  JsonWriter writer;
  write_range(writer.begin_object(), question.range);
  writer.key("nodes").begin_array();
  for (const query::ServiceNode& node : map->nodes) {
    writer.begin_object().key("kind").string(name_of(node.name.kind));
    write_text_or_null(writer.key("name"), node.name.name);
    write_text_or_null(writer.key("type"), node.name.type);
    writer.key("root").boolean(node.is_root);
    write_figures(writer, node.requests);
    writer.end_object();
  }
  writer.end_array().key("edges").begin_array();
  for (const query::ServiceEdge& edge : map->edges) {
    writer.begin_object().key("from").integer(edge.from).key("to").integer(edge.to);
    write_figures(writer, edge.calls);
    writer.end_object();
  }
  writer.end_array();
  writer.key("nodes_put_together").integer(map->nodes_put_together);
  write_cost(writer, map->cost);
  return json(std::move(writer.end_object()));
}

}  // namespace clew::api
