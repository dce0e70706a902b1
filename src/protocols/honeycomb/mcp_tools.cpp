// What assistants may call: one visible list.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "protocols/honeycomb/dataset_query.h"
#include "protocols/honeycomb/event_to_otlp.h"
#include "protocols/honeycomb/mcp.h"
#include "protocols/honeycomb/resources.h"
#include "query/bubble_up.h"
#include "query/columns.h"
#include "query/short_form.h"
#include "query/specification.h"
#include "query/trace.h"
#include "telemetry/semantic_names.h"

namespace clew::honeycomb {
namespace {

constexpr size_t kMostColumns = 500;
constexpr size_t kMostSpans = 2'000;
constexpr size_t kMostContrasts = 15;
constexpr int64_t kUsualSeconds = 7'200;
// For the columns of one dataset; after that all of its environment are listed.
constexpr Nanoseconds kLongestSearch = seconds(5);
// Beside the attributes.
constexpr std::array kToldOfSpans = {names::kSpanKind,         names::kStatusMessage,  names::kExceptionType,
                                     names::kExceptionMessage, names::kExceptionStack, names::kLibraryName};
constexpr size_t kMostPoints = 2'000;

// Names are taken as well as slugs. not_found names those that exist.
Result<QueryPlace> place_of(const Call& call, const JsonValue& arguments) {
  const std::string dataset = text_in(arguments, "dataset");
  QueryPlace place{.storage = call.options().storage,
                   .datasets = &call.context.datasets,
                   .records = call.options().records,
                   .environment = call.environment(),
                   .dataset = std::string(kAllDatasets)};
  if (dataset.empty() || dataset == kAllDatasets) return place;
  place.dataset = dataset_slug(dataset);
  CLEW_ASSIGN(const auto all, all_datasets(*place.storage, *place.datasets, place.environment));
  std::string slugs;
  for (const Dataset& one : all) {
    if (one.slug == place.dataset) return place;
    slugs += (slugs.empty() ? "" : ", ") + one.slug;
  }
  return Status(ErrorKind::not_found, fmt::format("there is no dataset {}; there are: {}", dataset,
                                                  slugs.empty() ? "none" : slugs));
}

Result<JsonValue> list_datasets_tool(const Call& call, const JsonValue&) {
  CLEW_ASSIGN(const auto all,
              all_datasets(*call.options().storage, call.context.datasets, call.environment()));
  JsonValue::Array list;
  for (const Dataset& one : all) {
    JsonValue dataset;
    dataset["slug"] = JsonValue(one.slug);
    dataset["name"] = JsonValue(one.name);
    if (!one.description.empty()) dataset["description"] = JsonValue(one.description);
    list.push_back(std::move(dataset));
  }
  JsonValue result;
  result["datasets"] = JsonValue(std::move(list));
  return result;
}

Result<JsonValue> list_columns_tool(const Call& call, const JsonValue& arguments) {
  CLEW_ASSIGN(const QueryPlace place, place_of(call, arguments));
  const std::string search = text_in(arguments, "search");
  CLEW_ASSIGN(const DatasetScope scope,
              scope_of(*place.storage, *place.datasets, place.environment, place.dataset));
  query::RunOptions options = call.run_options();
  options.time_limit = std::min(options.time_limit, kLongestSearch);
  CLEW_ASSIGN(const auto described,
              query::list_columns_of(scope.filter, scope.snapshot, scope.range, options));
  JsonValue::Array list;
  bool more = false;
  for (const query::ColumnDescription& one : described) {
    const bool is_shown = one.name != kDatasetAttribute && !tells_sample_rate(one.name) &&
                          one.name.find(search) != std::string::npos;
    if (!is_shown) continue;
    more = list.size() == kMostColumns;
    if (more) break;
    JsonValue column;
    column["name"] = JsonValue(one.name);
    if (!one.types.empty()) column["type"] = JsonValue(store::name_of(one.types.front()));
    if (!one.help.empty()) column["description"] = JsonValue(one.help);
    list.push_back(std::move(column));
  }
  JsonValue result;
  result["columns"] = JsonValue(std::move(list));
  if (more) result["note"] = JsonValue("there are more: search for a part of the name");
  return result;
}

std::string sentence_of(const std::vector<FieldFault>& faults) {
  std::string text;
  for (const FieldFault& one : faults)
    text += fmt::format("{}{}{}{}", text.empty() ? "" : "; ", one.field, one.field.empty() ? "" : ": ",
                        one.description);
  return text;
}

Result<JsonValue> run_query_tool(const Call& call, const JsonValue& arguments) {
  CLEW_ASSIGN(const QueryPlace place, place_of(call, arguments));
  const JsonValue* series = arguments.find("series");
  const bool wants_series = series != nullptr && series->boolean() != nullptr && *series->boolean();
  const QueryWish wish{.series = wants_series, .totals = true, .others = false, .limit = {}};
  QueryAnswer answer;
  if (const std::string line = text_in(arguments, "short"); !line.empty()) {
    CLEW_ASSIGN(query::Plan plan, query::plan_of_short_form(line, call.now));
    CLEW_ASSIGN(const auto saved, derived_columns_of(place));
    plan.fields.insert(plan.fields.end(), saved.begin(), saved.end());
    if (plan.range == TimeRange{}) plan.range = {call.now - seconds(kUsualSeconds), call.now};
    // A misspelt column would be answered with nothing, which looks like an answer.
    CLEW_ASSIGN(const auto unknown, unknown_columns_of(place, plan));
    if (!unknown.empty()) return Status(ErrorKind::bad_input, sentence_of(unknown));
    CLEW_ASSIGN(answer, ask_plan(place, std::move(plan), wish, call.run_options()));
  } else {
    const JsonValue* specification = arguments.find("query");
    if (specification == nullptr || specification->object() == nullptr)
      return Status(ErrorKind::bad_input, "give a query (an object), or a short form (a text)");
    auto checked = check_specification(place, *specification, call.now);
    if (const auto* faults = std::get_if<std::vector<FieldFault>>(&checked))
      return Status(ErrorKind::bad_input, sentence_of(*faults));
    CLEW_ASSIGN(answer, ask_dataset(place, std::get<JsonValue>(checked), wish, call.now, call.run_options()));
  }
  JsonValue result = data_of(answer, wish);
  result.take("total_by_aggregate_series");
  const JsonValue* points = result.find("series");
  if (!wants_series || (points != nullptr && points->array()->size() > kMostPoints)) {
    if (wants_series)
      result["note"] = JsonValue("the series has too many points: ask for a wider granularity");
    result.take("series");
  }
  result["rows_scanned"] = JsonValue(static_cast<int64_t>(answer.table.cost.rows_scanned));
  result["groups_in_all"] = JsonValue(static_cast<int64_t>(answer.table.groups_in_all));
  return result;
}

JsonValue json_of(const query::AttributeValue& value) {
  if (const bool* truth = std::get_if<bool>(&value)) return JsonValue(*truth);
  if (const int64_t* whole = std::get_if<int64_t>(&value)) return JsonValue(*whole);
  if (const double* number = std::get_if<double>(&value)) return JsonValue(*number);
  return JsonValue(std::get<std::string_view>(value));
}

Result<JsonValue> get_trace_tool(const Call& call, const JsonValue& arguments) {
  const std::optional<TraceId> id = parse_trace_id(text_in(arguments, "trace_id"));
  if (!id) return Status(ErrorKind::bad_input, "trace_id must be the id of a trace: 32 hex digits");
  CLEW_ASSIGN(
      const query::Trace trace,
      query::fetch_trace(
          *id, {.traces = call.snapshot(Signal::traces), .logs = call.snapshot(Signal::logs), .range = {}},
          call.run_options()));
  const query::TraceSpans& spans = trace.spans;
  JsonValue::Array list;
  for (size_t i = 0; i < spans.size() && i < kMostSpans; ++i) {
    JsonValue span;
    span["span_id"] = JsonValue(spans.ids[i].to_hex());
    if (spans.parent_ids[i]) span["parent_id"] = JsonValue(spans.parent_ids[i]->to_hex());
    span["depth"] = JsonValue(int64_t{spans.depths[i]});
    span["name"] = JsonValue(spans.names[i]);
    span["service"] = JsonValue(spans.services[i]);
    span["start_ms"] = JsonValue((spans.starts[i] - trace.start).to_milliseconds());
    span["duration_ms"] = JsonValue(spans.durations[i].to_milliseconds());
    if (spans.errors[i] != 0) span["error"] = JsonValue(true);
    JsonValue attributes(JsonValue::Object{});
    for (const query::Attribute& one : spans.attributes.of(i)) {
      const bool is_told =
          one.scope == store::Scope::attribute ||
          std::find(kToldOfSpans.begin(), kToldOfSpans.end(), one.name) != kToldOfSpans.end();
      if (is_told && one.type != store::ColumnType::bytes) attributes[one.name] = json_of(one.value);
    }
    span["attributes"] = std::move(attributes);
    list.push_back(std::move(span));
  }
  JsonValue result;
  result["trace_id"] = JsonValue(trace.id.to_hex());
  result["start"] = JsonValue(to_rfc3339(trace.start));
  result["duration_ms"] = JsonValue((trace.end - trace.start).to_milliseconds());
  result["spans_in_all"] = JsonValue(static_cast<int64_t>(spans.size()));
  result["spans"] = JsonValue(std::move(list));
  JsonValue::Array logs;
  for (size_t i = 0; i < trace.logs.size() && i < kMostSpans; ++i) {
    JsonValue line;
    line["time"] = JsonValue(to_rfc3339(trace.logs.times[i]));
    line["body"] = JsonValue(trace.logs.names[i]);
    logs.push_back(std::move(line));
  }
  result["logs"] = JsonValue(std::move(logs));
  return result;
}

// The filters of a specification, or those of a short form's WHERE.
Result<query::Filter> filter_in(const JsonValue& arguments, const std::string& list, UnixNanos now) {
  JsonValue specification;
  if (const JsonValue* filters = arguments.find(list)) specification["filters"] = *filters;
  specification["time_range"] = JsonValue(kUsualSeconds);
  CLEW_ASSIGN(query::Plan plan, query::plan_of_specification(specification.text(), now));
  return std::move(plan.filter);
}

Result<JsonValue> bubble_up_tool(const Call& call, const JsonValue& arguments) {
  CLEW_ASSIGN(const QueryPlace place, place_of(call, arguments));
  CLEW_ASSIGN(DatasetScope scope,
              scope_of(*place.storage, *place.datasets, place.environment, place.dataset));
  query::BubbleUpQuestion question;
  CLEW_ASSIGN(question.fields, derived_columns_of(place));
  CLEW_ASSIGN(question.selection, filter_in(arguments, "selection", call.now));
  CLEW_ASSIGN(query::Filter filter, filter_in(arguments, "filters", call.now));
  if (question.selection.matches_everything())
    return Status(ErrorKind::bad_input,
                  "selection: at least one filter has to tell the selected rows from the others");
  question.filter = query::all_of({std::move(scope.filter), std::move(filter)});
  const JsonValue* length = arguments.find("time_range");
  const int64_t range =
      length == nullptr || length->integer() == nullptr ? kUsualSeconds : *length->integer();
  if (range < 1 || range > int64_t{3650} * 86'400)
    return Status(ErrorKind::bad_input, "time_range: seconds, up to ten years");
  question.range = {call.now - seconds(range), call.now};
  question.columns = kMostContrasts;
  question.values = 5;
  CLEW_ASSIGN(const query::BubbleUp found, query::bubble_up(question, scope.snapshot, call.run_options()));
  JsonValue::Array columns;
  for (const query::ContrastedColumn& one : found.columns) {
    if (one.selects || one.name == kDatasetAttribute) continue;
    JsonValue column;
    column["column"] = JsonValue(one.name);
    column["score"] = JsonValue(one.score);
    column["confidence"] = JsonValue(one.confidence);
    JsonValue::Array values;
    for (const query::ContrastedValue& value : one.values) {
      JsonValue entry;
      entry["value"] = JsonValue(query::to_text(value.value));
      entry["selected_percent"] = JsonValue(found.selected > 0 ? 100 * value.selected / found.selected : 0.0);
      entry["rest_percent"] = JsonValue(found.rest > 0 ? 100 * value.rest / found.rest : 0.0);
      values.push_back(std::move(entry));
    }
    column["values"] = JsonValue(std::move(values));
    columns.push_back(std::move(column));
  }
  JsonValue result;
  result["selected_rows"] = JsonValue(static_cast<int64_t>(found.selected_rows));
  result["rest_rows"] = JsonValue(static_cast<int64_t>(found.rest_rows));
  result["columns"] = JsonValue(std::move(columns));
  return result;
}

constexpr std::array kTools = {
    McpTool{"list_datasets", "The datasets there are: services, and what events are sent to.",
            R"({"type":"object","properties":{}})", list_datasets_tool},
    McpTool{"list_columns", "The columns of a dataset, with their types.",
            R"({"type":"object","properties":{
              "dataset":{"type":"string","description":"slug; left out: all of the environment"},
              "search":{"type":"string","description":"a part of the name"}}})",
            list_columns_tool},
    McpTool{"run_query",
            "Answers a question: calculations over rows, grouped. Either `query`, a Honeycomb query "
            "specification, "
            "or `short`, one line such as: COUNT, P99(duration_ms) WHERE http.status_code >= 500 GROUP BY "
            "http.route ORDER BY COUNT DESC LIMIT 10 SINCE now-1h",
            R"({"type":"object","properties":{
              "dataset":{"type":"string","description":"slug; left out: all of the environment"},
              "query":{"type":"object","description":"calculations, filters, breakdowns, orders, havings, limit, time_range in seconds"},
              "short":{"type":"string"},
              "series":{"type":"boolean","description":"values over time too, in steps of the query's granularity"}}})",
            run_query_tool},
    McpTool{"get_trace", "A whole trace: its spans in order of their start, with attributes, and its logs.",
            R"({"type":"object","properties":{"trace_id":{"type":"string"}},"required":["trace_id"]})",
            get_trace_tool},
    McpTool{"bubble_up",
            "What sets the selected rows apart from the others: every column ranked by how differently it is "
            "distributed.",
            R"({"type":"object","properties":{
              "dataset":{"type":"string","description":"slug; left out: all of the environment"},
              "selection":{"type":"array","items":{"type":"object"},"description":"filters {column, op, value} of the rows to explain"},
              "filters":{"type":"array","items":{"type":"object"},"description":"filters of all rows that are compared"},
              "time_range":{"type":"integer","description":"seconds before now"}},"required":["selection"]})",
            bubble_up_tool},
};

}  // namespace

std::span<const McpTool> all_mcp_tools() {
  return kTools;
}

}  // namespace clew::honeycomb
