#include "protocols/jaeger/trace_query.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/json_value.h"
#include "pipeline/config/section.h"
#include "telemetry/semantic_names.h"

namespace clew::jaeger {
namespace {

using query::comparison;
using query::Operator;

constexpr size_t kMostOperations = 1000;

query::Filter filter_of(const std::string& key, const std::string& value) {
  if (key == names::kError && value == "true") return comparison(key, Operator::equal, true);
  if (key == names::kError && value == "false") return comparison(key, Operator::does_not_exist);
  return tag_filter(key, value);
}

}  // namespace

TimeRange lately(const TraceQuestion& question) {
  return {.from = question.now - kUsualTime, .to = {INT64_MAX}};
}

Result<std::vector<TraceId>> find_traces(const TraceQuestion& question, const TraceQuery& query) {
  if (query.longest.count > 0 && query.longest < query.shortest)
    return Status(ErrorKind::bad_input, "'maxDuration' should be greater than 'minDuration'");
  std::vector<query::Filter> conditions;
  const auto add = [&](std::string_view column, Operator op, query::Value value) {
    conditions.push_back(comparison(std::string(column), op, std::move(value)));
  };
  if (!query.service.empty()) add("service.name", Operator::equal, query.service);
  if (!query.operation.empty()) add(names::kName, Operator::equal, query.operation);
  if (query.shortest.count > 0)
    add("duration_ms", Operator::greater_or_equal, query.shortest.to_milliseconds());
  if (query.longest.count > 0) add("duration_ms", Operator::less_or_equal, query.longest.to_milliseconds());
  for (const auto& [key, value] : query.tags) conditions.push_back(filter_of(key, value));
  query::TraceSearch search;
  search.range = query.range;
  search.limit = std::min(query.limit, kMostTraces);
  search.filter = query::all_of(std::move(conditions));
  return question.find(search);
}

Status read_tags(std::string_view parameter, const std::string& text, TraceQuery& query) {
  const Result<JsonValue> json = parse_json(text, 4);
  if (!json.ok() || json->object() == nullptr)
    return {ErrorKind::bad_input,
            fmt::format("malformed '{}' parameter, cannot unmarshal JSON: expected an object of strings",
                        parameter)};
  for (const JsonValue::Member& member : *json->object())
    query.tags.emplace_back(member.name,
                            member.value.string() != nullptr ? *member.value.string() : member.value.text());
  return {};
}

Result<Nanoseconds> read_duration(std::string_view parameter, const std::string& text) {
  if (text.empty()) return Nanoseconds{};
  const std::optional<Nanoseconds> duration = pipeline::parse_go_duration(text);
  if (!duration || duration->count < 0)
    return Status(ErrorKind::bad_input,
                  fmt::format("unable to parse param '{}': time: invalid duration \"{}\"", parameter,
                              text.substr(0, 40)));
  return *duration;
}

Result<TraceId> read_trace_id(std::string_view parameter, const std::string& text) {
  std::string hex = text;
  if (hex.size() < 32 && !hex.empty()) hex.insert(0, 32 - hex.size(), '0');
  if (const std::optional<TraceId> id = parse_trace_id(hex); id && !id->is_zero()) return *id;
  return Status(ErrorKind::bad_input,
                fmt::format("malformed parameter '{}': '{}' is no trace id", parameter, text.substr(0, 64)));
}

Result<std::vector<Operation>> operations_of(const TraceQuestion& question, const std::string& service,
                                             const std::string& kind) {
  if (service.empty()) return Status(ErrorKind::bad_input, "parameter 'service' is required");
  query::Plan plan;
  plan.range = lately(question);
  plan.filter = query::all_of({comparison("service.name", Operator::equal, service),
                               comparison(std::string(names::kSpanId), Operator::exists)});
  plan.group_by = {{std::string(names::kName), {}}, {std::string(names::kSpanKind), {}}};
  plan.calculations = {{.kind = query::CalculationKind::count}};
  plan.orders = {
      {.by = query::Order::By::group_column, .position = 0, .direction = query::Direction::ascending}};
  plan.limit = kMostOperations;
  CLEW_ASSIGN(const query::ResultTable table, query::run(plan, question.traces(), question.run_options()));
  std::vector<Operation> operations;
  for (size_t row = 0; row < table.row_count; ++row) {
    const std::string of_row = to_text(table.columns[1].values[row]);
    if (!kind.empty() && of_row != kind) continue;
    operations.push_back(
        {to_text(table.columns[0].values[row]), of_row == "unspecified" ? std::string() : of_row});
  }
  return operations;
}

}  // namespace clew::jaeger
