#include "protocols/jaeger/api.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_value.h"
#include "base/json_writer.h"
#include "net/url_encoding.h"
#include "pipeline/config/section.h"
#include "protocols/jaeger/trace_json.h"
#include "protocols/trace_questions.h"
#include "query/service_map.h"
#include "query/trace_search.h"
#include "telemetry/semantic_names.h"

namespace clew::jaeger {
namespace {

using query::comparison;
using query::Operator;

constexpr size_t kUsualTraces = 100, kMostTraces = 1000;
// Traces beyond are left out of an answer.
constexpr size_t kMostAnswerBytes = size_t{64} << 20;
constexpr int64_t kTwoDays = int64_t{48} * 3600 * 1'000'000;  // microseconds
constexpr int64_t kOneDay = 86'400'000;                       // milliseconds

// What every answer is wrapped in.
class Envelope {
 public:
  Envelope() { json_.begin_object().key("data"); }
  JsonWriter& data() { return json_; }
  net::Response finish(size_t total, const std::vector<std::string>& missing = {}) {
    json_.key("total").integer(total).key("limit").integer(0).key("offset").integer(0).key("errors");
    if (missing.empty()) {
      json_.null();
    } else {
      json_.begin_array();
      for (const std::string& trace : missing)
        json_.begin_object()
            .key("code")
            .integer(404)
            .key("msg")
            .string("trace not found")
            .key("traceID")
            .string(trace)
            .end_object();
      json_.end_array();
    }
    json_.end_object();
    return net::json_response(200, json_.take());
  }

 private:
  JsonWriter json_;
};

net::Response answer_of(const Status& failure) {
  const int code = net::http_status_of(failure.kind());
  JsonWriter json;
  json.begin_object()
      .key("data")
      .null()
      .key("total")
      .integer(0)
      .key("limit")
      .integer(0)
      .key("offset")
      .integer(0);
  json.key("errors").begin_array().begin_object().key("code").integer(code).key("msg").string(
      failure.message());
  json.end_object().end_array().end_object();
  return net::json_response(code, json.take());
}

// All values of a parameter that may be repeated.
std::vector<std::string> repeated(const TraceQuestion& question, std::string_view name) {
  std::vector<std::string> values;
  std::string_view rest = question.request.query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
      if (auto value = net::query_parameter(pair, name)) values.push_back(std::move(*value));
  }
  return values;
}

TimeRange lately(const TraceQuestion& question) {
  return {.from = question.now - Nanoseconds{kTwoDays * 1000}, .to = {INT64_MAX}};
}

net::Response names_response(const std::vector<std::string>& names) {
  Envelope envelope;
  envelope.data().begin_array();
  for (const std::string& name : names) envelope.data().string(name);
  envelope.data().end_array();
  return envelope.finish(names.size());
}

Result<net::Response> services(const TraceQuestion& question) {
  CLEW_ASSIGN(const std::vector<std::string> found, question.service_names(lately(question)));
  return names_response(found);
}

Result<net::Response> operation_names(const TraceQuestion& question) {
  CLEW_ASSIGN(const std::vector<std::string> found,
              question.names_of(question.parameter("service"), std::string(names::kName), lately(question)));
  return names_response(found);
}

Result<net::Response> operations(const TraceQuestion& question) {
  const std::string service = question.parameter("service"), kind = question.parameter("spanKind");
  if (service.empty()) return Status(ErrorKind::bad_input, "parameter 'service' is required");
  query::Plan plan;
  plan.range = lately(question);
  plan.filter = query::all_of({comparison("service.name", Operator::equal, service),
                               comparison(std::string(names::kSpanId), Operator::exists)});
  plan.group_by = {{std::string(names::kName), {}}, {std::string(names::kSpanKind), {}}};
  plan.calculations = {{.kind = query::CalculationKind::count, .column = {}, .alias = {}, .filter = {}}};
  plan.orders = {
      {.by = query::Order::By::group_column, .position = 0, .direction = query::Direction::ascending}};
  plan.limit = 1000;
  CLEW_ASSIGN(const query::ResultTable table, query::run(plan, question.traces(), question.run_options()));
  Envelope envelope;
  envelope.data().begin_array();
  size_t total = 0;
  for (size_t row = 0; row < table.row_count; ++row) {
    const std::string of_row = to_text(table.columns[1].values[row]);
    if (!kind.empty() && of_row != kind) continue;
    envelope.data().begin_object().key("name").string(to_text(table.columns[0].values[row]));
    envelope.data().key("spanKind").string(of_row == "unspecified" ? "" : of_row).end_object();
    ++total;
  }
  envelope.data().end_array();
  return envelope.finish(total);
}

Result<TraceId> trace_id(const std::string& text) {
  std::string hex = text;
  if (hex.size() < 32 && !hex.empty()) hex.insert(0, 32 - hex.size(), '0');
  if (const std::optional<TraceId> id = parse_trace_id(hex); id && !id->is_zero()) return *id;
  return {ErrorKind::bad_input,
          fmt::format("malformed parameter 'traceID': '{}' is no trace id", text.substr(0, 64))};
}

// Those that are not there are told beside the others; a single one that is not there is a failure.
Result<net::Response> traces_response(const TraceQuestion& question, const std::vector<TraceId>& ids) {
  Envelope envelope;
  envelope.data().begin_array();
  std::vector<std::string> missing;
  size_t total = 0;
  for (const TraceId& id : ids) {
    const Result<query::Trace> trace = question.fetch(id);
    if (trace.ok()) {
      write_trace(envelope.data(), *trace);
      ++total;
    } else if (trace.status().kind() == ErrorKind::not_found) {
      missing.push_back(trace_id_text(id));
    } else {
      return trace.status();
    }
    if (envelope.data().text().size() > kMostAnswerBytes) break;
  }
  envelope.data().end_array();
  return envelope.finish(total, missing);
}

Result<net::Response> one_trace(const TraceQuestion& question) {
  CLEW_ASSIGN(const TraceId id, trace_id(question.parameter("id")));
  const Result<query::Trace> trace = question.fetch(id);
  if (!trace.ok() && trace.status().kind() == ErrorKind::not_found)
    return Status(ErrorKind::not_found, "trace not found");
  if (!trace.ok()) return trace.status();
  Envelope envelope;
  envelope.data().begin_array();
  write_trace(envelope.data(), *trace);
  envelope.data().end_array();
  return envelope.finish(1);
}

Result<double> milliseconds_at(const TraceQuestion& question, const char* name) {
  const std::string text = question.parameter(name);
  if (text.empty()) return 0.0;
  const std::optional<Nanoseconds> duration = pipeline::parse_go_duration(text);
  if (!duration || duration->count < 0)
    return {ErrorKind::bad_input, fmt::format("unable to parse param '{}': time: invalid duration \"{}\"",
                                              name, text.substr(0, 40))};
  return duration->to_milliseconds();
}

// tag=key:value, repeated, and tags={"key":"value"}.
Status add_tags(const TraceQuestion& question, std::vector<query::Filter>& conditions) {
  const auto add = [&](const std::string& key, const std::string& value) {
    const bool of_status = key == names::kError && (value == "true" || value == "false");
    if (!of_status)
      conditions.push_back(tag_filter(key, value));
    else if (value == "true")
      conditions.push_back(comparison(key, Operator::equal, true));
    else
      conditions.push_back(comparison(key, Operator::does_not_exist));
  };
  for (const std::string& tag : repeated(question, "tag")) {
    const size_t colon = tag.find(':');
    if (colon == std::string::npos || colon == 0)
      return {ErrorKind::bad_input,
              fmt::format("malformed 'tag' parameter, expecting key:value, received: {}", tag.substr(0, 60))};
    add(tag.substr(0, colon), tag.substr(colon + 1));
  }
  for (const std::string& tags : repeated(question, "tags")) {
    const Result<JsonValue> json = parse_json(tags, 4);
    if (!json.ok() || json->object() == nullptr)
      return {ErrorKind::bad_input,
              "malformed 'tags' parameter, cannot unmarshal JSON: expected an object of strings"};
    for (const JsonValue::Member& member : *json->object())
      add(member.name, member.value.string() != nullptr ? *member.value.string() : member.value.text());
  }
  return {};
}

Result<net::Response> search(const TraceQuestion& question) {
  if (const std::vector<std::string> wanted = repeated(question, "traceID"); !wanted.empty()) {
    std::vector<TraceId> ids;
    for (size_t i = 0; i < std::min(wanted.size(), kMostTraces); ++i) {
      CLEW_ASSIGN(const TraceId id, trace_id(wanted[i]));
      ids.push_back(id);
    }
    return traces_response(question, ids);
  }
  const std::string service = question.parameter("service");
  if (service.empty()) return Status(ErrorKind::bad_input, "parameter 'service' is required");
  const int64_t here = question.now.count / 1000;
  constexpr int64_t kMost = INT64_MAX / 1000 - 1;
  CLEW_ASSIGN(const int64_t start, question.number("start", here - kTwoDays));
  CLEW_ASSIGN(const int64_t end, question.number("end", here));
  CLEW_ASSIGN(const int64_t limit, question.number("limit", kUsualTraces));
  CLEW_ASSIGN(const double shortest, milliseconds_at(question, "minDuration"));
  CLEW_ASSIGN(const double longest, milliseconds_at(question, "maxDuration"));
  if (longest > 0 && longest < shortest)
    return Status(ErrorKind::bad_input, "'maxDuration' should be greater than 'minDuration'");
  query::TraceSearch search;
  search.range = {.from = {std::min(start, kMost) * 1000}, .to = {(std::min(end, kMost) + 1) * 1000}};
  search.limit = std::min<uint64_t>(static_cast<uint64_t>(limit), kMostTraces);
  std::vector<query::Filter> conditions{comparison("service.name", Operator::equal, service)};
  if (std::string operation = question.parameter("operation"); !operation.empty())
    conditions.push_back(comparison(std::string(names::kName), Operator::equal, std::move(operation)));
  if (shortest > 0) conditions.push_back(comparison("duration_ms", Operator::greater_or_equal, shortest));
  if (longest > 0) conditions.push_back(comparison("duration_ms", Operator::less_or_equal, longest));
  CLEW_TRY(add_tags(question, conditions));
  search.filter = query::all_of(std::move(conditions));
  CLEW_ASSIGN(const query::TraceSearchResult found,
              query::search_traces(search, question.traces(), question.run_options()));
  std::vector<TraceId> ids;
  for (const query::TraceSummary& one : found.traces) ids.push_back(one.id);
  return traces_response(question, ids);
}

Result<net::Response> dependencies(const TraceQuestion& question) {
  constexpr int64_t kMost = INT64_MAX / 1'000'000 - 1;
  CLEW_ASSIGN(const int64_t end, question.number("endTs", question.now.count / 1'000'000));
  CLEW_ASSIGN(const int64_t back, question.number("lookback", kOneDay));
  const int64_t last = std::min(end, kMost);
  query::ServiceQuestion asked;
  asked.range = {.from = {std::max<int64_t>(last - std::min(back, kMost), 0) * 1'000'000},
                 .to = {(last + 1) * 1'000'000}};
  CLEW_ASSIGN(const query::ServiceMap map,
              query::map_services(asked, question.traces(), question.run_options()));
  Envelope envelope;
  envelope.data().begin_array();
  size_t total = 0;
  for (const query::ServiceEdge& edge : map.edges) {
    const query::NodeName &parent = map.nodes[edge.from].name, &child = map.nodes[edge.to].name;
    // Jaeger knows nobody outside.
    if (parent.kind == query::NodeKind::client || parent.name.empty() || child.name.empty()) continue;
    envelope.data().begin_object().key("parent").string(parent.name).key("child").string(child.name);
    envelope.data().key("callCount").integer(edge.calls.total()).end_object();
    ++total;
  }
  envelope.data().end_array();
  return envelope.finish(total);
}

}  // namespace

struct Api::Inside {
  explicit Inside(Services services) : questions(std::move(services), answer_of) {}
  TraceQuestions questions;
};

Api::Api(ApiOptions options) : inside_(std::make_unique<Inside>(std::move(options))) {}
Api::~Api() = default;

void Api::stop() {
  inside_->questions.stop();
}

void Api::register_routes(Router& router) {
  TraceQuestions& questions = inside_->questions;
  questions.add(router, "/api/services", services);
  questions.add(router, "/api/services/{service}/operations", operation_names);
  questions.add(router, "/api/operations", operations);
  questions.add(router, "/api/traces", search);
  questions.add(router, "/api/traces/{id}", one_trace);
  questions.add(router, "/api/dependencies", dependencies);
}

}  // namespace clew::jaeger
