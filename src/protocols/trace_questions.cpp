#include "protocols/trace_questions.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "net/url_encoding.h"
#include "protocols/sender_key.h"
#include "query/service_map.h"
#include "query/services.h"
#include "telemetry/semantic_names.h"

namespace clew {
namespace {

constexpr unsigned kWorkers = 2;
constexpr size_t kWaiting = 64;
constexpr size_t kMostNames = 1000;

}  // namespace

Result<int64_t> TraceQuestion::number(std::string_view name, int64_t otherwise) const {
  const std::string text = parameter(name);
  if (text.empty()) return otherwise;
  int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || value < 0)
    return {ErrorKind::bad_input,
            fmt::format("{}: expected a whole number, got '{}'", name, text.substr(0, 40))};
  return value;
}

std::vector<std::string> TraceQuestion::parameters(std::string_view name) const {
  std::vector<std::string> values;
  std::string_view rest = request.query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
      if (auto value = net::query_parameter(pair, name)) values.push_back(std::move(*value));
  }
  return values;
}

Result<TimeRange> TraceQuestion::range(Nanoseconds usual_lookback) const {
  constexpr int64_t kMillisecond = 1'000'000, kMost = INT64_MAX / kMillisecond - 1;
  CLEW_ASSIGN(const int64_t end, number("endTs", now.count / kMillisecond));
  CLEW_ASSIGN(const int64_t back, number("lookback", usual_lookback.count / kMillisecond));
  const int64_t last = std::min(end, kMost), first = std::max<int64_t>(last - std::min(back, kMost), 0);
  return TimeRange{.from = {first * kMillisecond}, .to = {(last + 1) * kMillisecond}};
}

Result<std::vector<TraceId>> TraceQuestion::find(const query::TraceSearch& search) const {
  CLEW_ASSIGN(const query::TraceSearchResult found, query::search_traces(search, traces(), run_options()));
  std::vector<TraceId> ids;
  for (const query::TraceSummary& one : found.traces) ids.push_back(one.id);
  return ids;
}

Result<query::Trace> TraceQuestion::fetch(const TraceId& id) const {
  query::TraceSource source;
  source.traces = traces();
  Result<query::Trace> trace = query::fetch_trace(id, source, run_options());
  if (trace.ok() && trace->spans.size() == 0)
    return {ErrorKind::not_found, fmt::format("{} not found", id.to_hex())};
  return trace;
}

Result<std::vector<std::string>> TraceQuestion::service_names(const TimeRange& range) const {
  CLEW_ASSIGN(const auto all, query::list_services(traces(), range, run_options()));
  std::vector<std::string> names;
  for (const query::ServiceSummary& one : all) names.push_back(one.name);
  return names;
}

Result<std::vector<TraceQuestion::Call>> TraceQuestion::calls(const TimeRange& range) const {
  CLEW_ASSIGN(const query::ServiceMap map, query::map_services({.range = range}, traces(), run_options()));
  std::vector<Call> calls;
  for (const query::ServiceEdge& edge : map.edges) {
    const query::NodeName &parent = map.nodes[edge.from].name, &child = map.nodes[edge.to].name;
    // Whoever calls from outside is no service.
    if (parent.kind == query::NodeKind::client || parent.name.empty() || child.name.empty()) continue;
    const uint64_t total = edge.calls.total();
    calls.push_back({parent.name, child.name, total, total - edge.calls.count(query::Outcome::ok)});
  }
  return calls;
}

Result<std::vector<std::string>> TraceQuestion::names_of(const std::string& service, std::string column,
                                                         const TimeRange& range) const {
  using query::comparison;
  using query::Operator;
  query::Plan plan;
  plan.range = range;
  plan.filter = query::all_of({comparison("service.name", Operator::equal, service),
                               comparison(std::string(names::kSpanId), Operator::exists),
                               comparison(column, Operator::exists)});
  plan.group_by = {{std::move(column), {}}};
  plan.calculations = {{.kind = query::CalculationKind::count, .column = {}, .alias = {}, .filter = {}}};
  plan.orders = {
      {.by = query::Order::By::group_column, .position = 0, .direction = query::Direction::ascending}};
  plan.limit = kMostNames;
  CLEW_ASSIGN(const query::ResultTable table, query::run(plan, traces(), run_options()));
  std::vector<std::string> found;
  for (size_t row = 0; row < table.row_count; ++row) found.push_back(to_text(table.columns[0].values[row]));
  return found;
}

query::Filter tag_filter(const std::string& key, const std::string& value) {
  using query::comparison;
  using query::Operator;
  std::vector<query::Filter> spellings{comparison(key, Operator::equal, value)};
  double number = 0;
  const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (!value.empty() && fault == std::errc() && end == value.data() + value.size())
    spellings.push_back(comparison(key, Operator::equal, number));
  if (value == "true" || value == "false")
    spellings.push_back(comparison(key, Operator::equal, value == "true"));
  return query::any_of(std::move(spellings));
}

TraceQuestions::TraceQuestions(Services services)
    : services_(std::move(services)), workers_(kWorkers, kWaiting) {}

Result<EnvironmentId> TraceQuestions::admit(const net::Request& request) const {
  const std::optional<std::string> key = sender_key(request.headers);
  CLEW_ASSIGN(const control::Grant grant,
              services_.access->grant(key ? std::optional<std::string_view>(*key) : std::nullopt));
  if (!grant.permissions.has(control::Permission::run_queries))
    return Status(ErrorKind::forbidden,
                  "this API key may send, but not ask: it lacks the permission run_queries");
  return grant.environment;
}

void TraceQuestions::add(Router& router, std::string_view path, Answer answer, Refusal refusal) {
  router.add("GET", path, [this, answer, refusal](net::Request request, const net::Responder& responder) {
    const Result<EnvironmentId> environment = admit(request);
    if (!environment.ok()) return responder.send(refusal(environment.status()));
    // Tasks are copied; a request is not.
    auto question = std::make_shared<TraceQuestion>(TraceQuestion{.services = services_,
                                                                  .stopping = workers_.stopping(),
                                                                  .request = std::move(request),
                                                                  .environment = *environment,
                                                                  .now = now()});
    const bool taken = workers_.submit([question, responder, answer, refusal] {
      Result<net::Response> response = answer(*question);
      responder.send(response.ok() ? std::move(*response) : refusal(response.status()));
    });
    if (!taken)
      responder.send(
          refusal(Status(ErrorKind::exhausted, "too many questions are being answered; try again")));
  });
}

}  // namespace clew
