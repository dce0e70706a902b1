// The service map: which services call which, asked for once and read by pages.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "protocols/honeycomb/operations.h"
#include "protocols/honeycomb/query_results.h"
#include "protocols/honeycomb/resources.h"
#include "protocols/honeycomb/short_id.h"
#include "query/service_map.h"

namespace clew::honeycomb {
namespace {

// What the answers are kept under, beside those of queries.
constexpr std::string_view kKeptAs = "/1/maps/dependencies";
constexpr int64_t kUsualRangeSeconds = 7'200;
constexpr int64_t kLastSecond = 9'000'000'000;
constexpr size_t kUsualCalls = 10'000, kMostCalls = 64'000;
constexpr size_t kUsualPage = 100;

std::optional<size_t> number_in(std::string_view text) {
  size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

TimeRange range_in(const Call& call, const JsonValue& body, Faults& faults) {
  const auto seconds_in = [&](std::string_view name) -> std::optional<int64_t> {
    const JsonValue* value = body.find(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (value->integer() != nullptr && *value->integer() >= 0 && *value->integer() <= kLastSecond)
      return *value->integer();
    faults.push_back({std::string(name), "invalid", "must be in seconds"});
    return std::nullopt;
  };
  const auto start = seconds_in("start_time"), end = seconds_in("end_time"),
             length = seconds_in("time_range");
  const Nanoseconds width = seconds(length.value_or(kUsualRangeSeconds));
  TimeRange range{call.now - width, call.now};
  if (end) range = {UnixNanos{seconds(*end).count} - width, UnixNanos{seconds(*end).count}};
  if (start) {
    range.from = UnixNanos{seconds(*start).count};
    if (!end) range.to = length ? range.from + width : call.now;
  }
  if (faults.empty() && range.to <= range.from)
    faults.push_back({"end_time", "invalid", "must be after start_time"});
  return range;
}

// Names of services, of which a call must have one; none: every call is meant.
std::vector<std::string> services_in(const JsonValue& body, Faults& faults) {
  std::vector<std::string> names;
  const JsonValue* filters = body.find("filters");
  if (filters == nullptr || filters->array() == nullptr) return names;
  for (size_t i = 0; i < filters->array()->size(); ++i) {
    const JsonValue& one = (*filters->array())[i];
    names.push_back(text_in(one, "name"));
    if (names.back().empty())
      faults.push_back({fmt::format("filters[{}].name", i), "missing", "is required"});
    if (text_in(one, "type") != "service")
      faults.push_back({fmt::format("filters[{}].type", i), "invalid", "must be service"});
  }
  return names;
}

JsonValue node_of(const std::string& name) {
  JsonValue node;
  node["name"] = JsonValue(name);
  node["type"] = JsonValue("service");
  return node;
}

JsonValue::Array calls_of(const query::ServiceMap& map, const std::vector<std::string>& wanted, size_t most) {
  const auto is_wanted = [&](const std::string& name) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end();
  };
  JsonValue::Array calls;
  for (const query::ServiceEdge& edge : map.edges) {
    const query::NodeName &from = map.nodes[edge.from].name, &to = map.nodes[edge.to].name;
    if (calls.size() == most) break;
    if (from.kind != query::NodeKind::service || to.kind != query::NodeKind::service) continue;
    if (!is_wanted(from.name) && !is_wanted(to.name)) continue;
    JsonValue call;
    call["parent_node"] = node_of(from.name);
    call["child_node"] = node_of(to.name);
    call["call_count"] = JsonValue(static_cast<int64_t>(edge.calls.total()));
    calls.push_back(std::move(call));
  }
  return calls;
}

}  // namespace

Answer create_service_map(const Call& call) {
  auto given = body_of(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  const JsonValue& body = std::get<JsonValue>(given);
  Faults faults;
  query::ServiceQuestion question;
  question.range = range_in(call, body, faults);
  const std::vector<std::string> wanted = services_in(body, faults);
  size_t most = kUsualCalls;
  if (const auto limit = call.request.parameter("limit")) {
    most = number_in(*limit).value_or(0);
    if (most == 0 || most > kMostCalls)
      faults.push_back({"limit", "invalid", fmt::format("must be between 1 and {}", kMostCalls)});
  }
  if (!faults.empty()) return invalid(faults);

  const auto map = query::map_services(question, call.snapshot(Signal::traces), call.run_options());
  if (!map.ok()) return problem_of(map.status());
  const std::string id = new_short_id();
  call.context.results.put(call.environment(), id,
                           {.dataset = std::string(kKeptAs),
                            .query = body,
                            .complete = true,
                            .data = JsonValue(calls_of(*map, wanted, most)),
                            .failure = {},
                            .finished = call.now});
  JsonValue answer;
  answer["request_id"] = JsonValue(id);
  answer["status"] = JsonValue("ready");
  Answer created = json_answer(200, answer);
  created.headers.emplace_back("location", fmt::format("/1/maps/dependencies/requests/{}", id));
  return created;
}

Answer get_service_map(const Call& call) {
  const std::string id = call.segment("id");
  const auto kept = call.context.results.find(call.environment(), id);
  if (!kept || kept->dataset != kKeptAs) return not_found("Request not found");
  const JsonValue::Array& calls = *kept->data.array();
  const size_t size = std::clamp<size_t>(
      number_in(call.request.parameter("page[size]").value_or("")).value_or(kUsualPage), 1, kUsualPage);
  const size_t from =
      std::min(number_in(call.request.parameter("page[after]").value_or("")).value_or(0), calls.size());
  const size_t to = std::min(from + size, calls.size());
  JsonValue answer;
  answer["request_id"] = JsonValue(id);
  answer["status"] = JsonValue("ready");
  answer["dependencies"] = JsonValue(JsonValue::Array(calls.begin() + static_cast<ptrdiff_t>(from),
                                                      calls.begin() + static_cast<ptrdiff_t>(to)));
  JsonValue& next = answer["links"]["next"];
  if (to < calls.size())
    next =
        JsonValue(fmt::format("/1/maps/dependencies/requests/{}?page[size]={}&page[after]={}", id, size, to));
  return json_answer(200, answer);
}

}  // namespace clew::honeycomb
