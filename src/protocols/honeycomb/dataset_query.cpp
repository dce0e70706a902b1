#include "protocols/honeycomb/dataset_query.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/nearest.h"
#include "protocols/honeycomb/resources.h"
#include "query/columns.h"
#include "query/specification.h"
#include "telemetry/semantic_names.h"

namespace clew::honeycomb {
namespace {

constexpr int64_t kMostLimit = 1'000;
constexpr int64_t kUsualRangeSeconds = 7'200;
// A thousand in Honeycomb's rules; but Grafana asks for the traces of any range in steps of a second, and
// only steps in which something happened take room.
constexpr int64_t kMostBuckets = 1'000'000;
// What rows may always be asked by, before the first of them has a value: clients ask for all of these.
constexpr std::array kUsualNames = {names::kTraceId,
                                    names::kSpanId,
                                    names::kParentId,
                                    names::kName,
                                    names::kParentName,
                                    names::kSpanKind,
                                    names::kStatusCode,
                                    names::kError,
                                    names::kBody,
                                    names::kStatusMessage,
                                    names::kSeverity,
                                    names::kSeverityText,
                                    names::kLinkTraceId,
                                    names::kLinkSpanId,
                                    names::kAnnotationType,
                                    std::string_view("type"),
                                    std::string_view("duration_ms"),
                                    std::string_view("service.name"),
                                    std::string_view("is_root"),
                                    std::string_view("meta.signal_type"),
                                    names::kLibraryName};
constexpr std::array<int64_t, 24> kWidths = {1,     5,     10,     15,     30,     60,      120,     300,
                                             600,   900,   1800,   3600,   7200,   10800,   14400,   21600,
                                             43200, 86400, 172800, 259200, 604800, 1209600, 2419200, 7257600};
constexpr std::array<std::string_view, 7> kRelations = {"root.", "parent.", "child.", "any2.",
                                                        "any3.", "any.",    "none."};

const JsonValue::Array* list_in(const JsonValue& object, std::string_view name) {
  const JsonValue* list = object.find(name);
  return list == nullptr ? nullptr : list->array();
}

std::optional<int64_t> whole_in(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.find(name);
  if (value == nullptr || value->integer() == nullptr) return std::nullopt;
  return *value->integer();
}

bool is_empty(const JsonValue& value) {
  return value.is_null() || (value.array() != nullptr && value.array()->empty()) ||
         (value.string() != nullptr && value.string()->empty());
}

// A text such as `filters[1].op: "~" is not an operator` names the field.
FieldFault fault_of(const Status& failure) {
  const std::string_view message = failure.message();
  const size_t colon = message.find(": ");
  const bool names = colon != std::string_view::npos && message.find(' ') > colon;
  std::string_view description = names ? message.substr(colon + 2) : message;
  std::string_view code = "invalid";
  if (description == "is missing") code = "missing";
  if (description.starts_with("must be a string") || description.starts_with("must be a number") ||
      description.starts_with("must be an "))
    code = "incorrect_type";
  return {.field = std::string(names ? message.substr(0, colon) : ""),
          .code = code,
          .description = std::string(description)};
}

struct NamedColumn {
  std::string field;
  std::string name;
};

void collect(const JsonValue& from, std::string_view list, const std::string& within,
             std::vector<NamedColumn>& columns) {
  const JsonValue::Array* items = list_in(from, list);
  if (items == nullptr) return;
  for (size_t i = 0; i < items->size(); ++i) {
    const JsonValue& item = (*items)[i];
    const std::string field = fmt::format("{}{}[{}]", within, list, i);
    if (const std::string* name = item.string()) {
      columns.push_back({field, *name});
    } else if (const JsonValue* column = item.find("column");
               column != nullptr && column->string() != nullptr) {
      columns.push_back({field + ".column", *column->string()});
    }
    if (list == "calculations") collect(item, "filters", field + ".", columns);
  }
}

std::string without_relation(const std::string& name) {
  for (const std::string_view relation : kRelations) {
    if (name.size() > relation.size() && name.starts_with(relation)) return name.substr(relation.size());
  }
  return name;
}

// What a query may name: columns that data has, those that were made, calculated ones.
Result<std::set<std::string>> known_columns(const QueryPlace& place, const JsonValue& specification) {
  CLEW_ASSIGN(const DatasetScope scope,
              scope_of(*place.storage, *place.datasets, place.environment, place.dataset));
  CLEW_ASSIGN(const auto described, query::list_columns(scope.snapshot, TimeRange{}));
  std::set<std::string> known;
  for (const query::ColumnDescription& one : described) {
    if (!tells_sample_rate(one.name)) known.insert(one.name);
  }
  known.insert(kUsualNames.begin(), kUsualNames.end());
  for (const std::string& dataset : {place.dataset, std::string(kAllDatasets)}) {
    for (const auto& [kind, member] : {std::pair{"columns", "key_name"}, {"derived_columns", "alias"}}) {
      CLEW_ASSIGN(const auto records, place.records->list(place.environment, record_kind(kind, dataset)));
      for (const control::Record& record : records) {
        const Result<JsonValue> body = parse_json(record.body);
        const JsonValue* name = body.ok() ? body->find(member) : nullptr;
        if (name != nullptr && name->string() != nullptr) known.insert(*name->string());
      }
    }
  }
  if (const JsonValue::Array* calculated = list_in(specification, "calculated_fields")) {
    for (const JsonValue& one : *calculated) {
      const JsonValue* name = one.find("name");
      if (name != nullptr && name->string() != nullptr) known.insert(*name->string());
    }
  }
  if (const JsonValue::Array* formulas = list_in(specification, "formulas")) {
    for (const JsonValue& one : *formulas) {
      const JsonValue* name = one.find("name");
      if (name != nullptr && name->string() != nullptr) known.insert(*name->string());
    }
  }
  if (const JsonValue::Array* calculations = list_in(specification, "calculations")) {
    for (const JsonValue& one : *calculations) {
      const JsonValue* name = one.find("name");
      if (name != nullptr && name->string() != nullptr) known.insert(*name->string());
    }
  }
  return known;
}

std::string complaint_about(const std::string& name, const std::set<std::string>& known) {
  std::string text = fmt::format("unknown column: {}", name);
  const std::vector<std::string_view> names(known.begin(), known.end());
  if (!names.empty()) text += fmt::format("; the nearest is {}", nearest(without_relation(name), names));
  return text;
}

// With a scope in its name a column is known to whoever asks.
void collect(const query::ColumnName& column, std::set<std::string>& names) {
  if (!column.scope) names.insert(query::full_name(column));
}

void collect(const query::Filter& filter, std::set<std::string>& names) {
  if (filter.kind == query::Filter::Kind::comparison) collect(filter.column, names);
  for (const query::Filter& child : filter.children) collect(child, names);
}

JsonValue value_json(const query::Value& value) {
  if (const bool* truth = std::get_if<bool>(&value)) return JsonValue(*truth);
  if (const int64_t* whole = std::get_if<int64_t>(&value)) return JsonValue(*whole);
  if (const double* number = std::get_if<double>(&value))
    return std::isfinite(*number) ? JsonValue(*number) : JsonValue();
  if (const std::string* text = std::get_if<std::string>(&value)) return JsonValue(*text);
  if (const UnixNanos* time = std::get_if<UnixNanos>(&value)) return JsonValue(to_rfc3339(*time));
  if (const auto* histogram = std::get_if<query::Histogram>(&value)) {
    JsonValue cell;
    JsonValue::Array counts;
    for (const double count : histogram->counts) counts.push_back(JsonValue(count));
    cell["counts"] = JsonValue(std::move(counts));
    cell["min_value"] = JsonValue(histogram->minimum);
    cell["max_value"] =
        JsonValue(histogram->minimum + histogram->step * static_cast<double>(histogram->counts.size()));
    cell["step_size"] = JsonValue(histogram->step);
    return cell;
  }
  return JsonValue();
}

// Of ids of 64 bits, as older tracers make them, the zeros before them are left out.
JsonValue cell_json(const query::ResultColumn& column, size_t row) {
  constexpr size_t kLong = 32, kShort = 16;
  JsonValue cell = value_json(column.values[row]);
  const std::string* text = cell.string();
  const bool is_short_id =
      text != nullptr && text->size() == kLong && text->starts_with("0000000000000000") &&
      (column.name.ends_with(names::kTraceId) || column.name.ends_with(names::kLinkTraceId));
  return is_short_id ? JsonValue(text->substr(kLong - kShort)) : cell;
}

void add_groups(const query::ResultTable& table, size_t row, JsonValue& data) {
  for (const query::ResultColumn& column : table.columns) {
    if (column.role != query::ColumnRole::group || query::is_null(column.values[row])) continue;
    data[column.name] = cell_json(column, row);
  }
}

JsonValue in_data(JsonValue row) {
  JsonValue wrapped;
  wrapped["data"] = row.is_null() ? JsonValue(JsonValue::Object{}) : std::move(row);
  return wrapped;
}

JsonValue series_of(const query::ResultTable& table, const query::Series& series, bool with_groups) {
  JsonValue::Array points;
  for (size_t i = 0; i < series.size(); ++i) {
    JsonValue data(JsonValue::Object{});
    if (with_groups && series.rows[i] < table.row_count) add_groups(table, series.rows[i], data);
    for (const query::ResultColumn& calculation : series.calculations)
      data[calculation.name] = value_json(calculation.values[i]);
    JsonValue point;
    point["time"] = JsonValue(to_rfc3339(series.times[i]));
    point["data"] = std::move(data);
    points.push_back(std::move(point));
  }
  return JsonValue(std::move(points));
}

JsonValue row_of_calculations(const query::Plan& plan, const std::vector<query::Value>& values) {
  JsonValue data(JsonValue::Object{});
  for (size_t i = 0; i < values.size() && i < plan.calculations.size(); ++i)
    data[query::name_of(plan.calculations[i])] = value_json(values[i]);
  return in_data(std::move(data));
}

// Results, series, totals and others of one period.
JsonValue data_of(const query::Plan& plan, const query::ResultTable& table, const QueryWish& wish) {
  JsonValue::Array results;
  for (size_t row = 0; row < table.row_count; ++row) {
    JsonValue data(JsonValue::Object{});
    add_groups(table, row, data);
    for (const query::ResultColumn& column : table.columns) {
      const bool shown = column.role == query::ColumnRole::calculation ||
                         (column.role == query::ColumnRole::row && !query::is_null(column.values[row]) &&
                          !tells_sample_rate(column.name));
      if (!shown) continue;
      const bool is_time = wish.rows && column.name == "time";
      data[is_time ? "timestamp" : column.name] = cell_json(column, row);
    }
    results.push_back(in_data(std::move(data)));
  }
  JsonValue all;
  all["series"] =
      wish.series && !wish.rows ? series_of(table, table.series, true) : JsonValue(JsonValue::Array{});
  all["results"] = JsonValue(std::move(results));
  if (wish.rows) return all;
  if (wish.totals) {
    all["total_by_aggregate"] = row_of_calculations(plan, table.totals);
    all["total_by_aggregate_series"] =
        wish.series ? series_of(table, table.totals_series, false) : JsonValue(JsonValue::Array{});
  }
  if (wish.others && !table.others.empty())
    all["other_by_aggregate"] = row_of_calculations(plan, table.others);
  return all;
}

// The rows that the query is about, of the columns that it groups by, or all.
void turn_into_rows(query::Plan& plan) {
  if (plan.rows) return;
  plan.rows.emplace();
  if (!plan.group_by.empty()) {
    plan.rows->columns.push_back({"time", {}});
    plan.rows->columns.insert(plan.rows->columns.end(), plan.group_by.begin(), plan.group_by.end());
  }
  plan.calculations.clear();
  plan.group_by.clear();
  plan.having.clear();
  plan.orders.clear();
  plan.compare_offset.reset();
}

}  // namespace

bool tells_sample_rate(std::string_view attribute) {
  return attribute == "sampleRate" || attribute == "SampleRate";
}

Result<std::vector<query::CalculatedField>> derived_columns_of(const QueryPlace& place) {
  std::vector<query::CalculatedField> fields;
  // One of the dataset comes before one of the environment.
  for (const std::string& dataset : {place.dataset, std::string(kAllDatasets)}) {
    CLEW_ASSIGN(const auto records,
                read_resources(*place.records, place.environment, record_kind("derived_columns", dataset)));
    for (const JsonValue& one : records)
      fields.push_back({.name = text_in(one, "alias"), .expression = text_in(one, "expression")});
  }
  return fields;
}

Result<std::vector<FieldFault>> unknown_columns_of(const QueryPlace& place, const query::Plan& plan) {
  CLEW_ASSIGN(std::set<std::string> known, known_columns(place, JsonValue(JsonValue::Object{})));
  known.insert("time");
  for (const query::CalculatedField& field : plan.fields) known.insert(field.name);
  std::set<std::string> named;
  collect(plan.filter, named);
  for (const query::Calculation& calculation : plan.calculations) {
    if (calculation.column) collect(*calculation.column, named);
    collect(calculation.filter, named);
  }
  for (const query::ColumnName& column : plan.group_by) collect(column, named);
  if (plan.rows) {
    for (const query::ColumnName& column : plan.rows->columns) collect(column, named);
  }
  std::vector<FieldFault> faults;
  for (const std::string& name : named) {
    if (!known.contains(without_relation(name)))
      faults.push_back({.field = {}, .code = "invalid", .description = complaint_about(name, known)});
  }
  return faults;
}

Nanoseconds usual_granularity(const TimeRange& range) {
  constexpr int64_t kWanted = 480;
  const int64_t least = std::max<int64_t>((range.to - range.from).count / 1'000'000'000 / kWanted, 1);
  for (const int64_t width : kWidths) {
    if (width >= least) return seconds(width);
  }
  return seconds(kWidths.back());
}

std::variant<JsonValue, std::vector<FieldFault>> check_specification(const QueryPlace& place,
                                                                     const JsonValue& specification,
                                                                     UnixNanos now) {
  JsonValue kept(JsonValue::Object{});
  for (const JsonValue::Member& member : *specification.object()) {
    const std::string* text = member.value.string();
    const bool usual = member.name == "id" || is_empty(member.value) ||
                       (member.name == "filter_combination" && text != nullptr && *text == "AND") ||
                       ((member.name == "granularity") && member.value == JsonValue(0));
    if (!usual) kept[member.name] = member.value;
  }
  if (list_in(kept, "calculations") == nullptr) {
    JsonValue count;
    count["op"] = JsonValue("COUNT");
    if (kept.find("calculations") == nullptr) kept["calculations"] = JsonValue(JsonValue::Array{count});
  }
  const bool has_start = kept.find("start_time") != nullptr, has_end = kept.find("end_time") != nullptr;
  if (kept.find("time_range") == nullptr && !(has_start && has_end))
    kept["time_range"] = JsonValue(kUsualRangeSeconds);

  std::vector<FieldFault> faults;
  const auto fault = [&](std::string field, std::string_view code, std::string description) {
    faults.push_back({std::move(field), code, std::move(description)});
  };
  if (const auto limit = whole_in(kept, "limit"); limit && (*limit < 1 || *limit > kMostLimit))
    fault("limit", "invalid", fmt::format("limit must be between 1 and {}, got {}", kMostLimit, *limit));
  const int64_t length =
      has_start && has_end ? whole_in(kept, "end_time").value_or(0) - whole_in(kept, "start_time").value_or(0)
                           : whole_in(kept, "time_range").value_or(kUsualRangeSeconds);
  if (const auto width = whole_in(kept, "granularity");
      width && length > 0 && (*width < 1 || *width > length || *width < length / kMostBuckets))
    fault("granularity", "invalid",
          fmt::format("granularity must be between {} and {} seconds for this time range, got {}",
                      std::max<int64_t>(length / kMostBuckets, 1), length, *width));
  if (const JsonValue::Array* breakdowns = list_in(kept, "breakdowns")) {
    for (size_t i = 0; i < breakdowns->size(); ++i) {
      const std::string* name = (*breakdowns)[i].string();
      if (name != nullptr && *name == "timestamp")
        fault(fmt::format("breakdowns[{}]", i), "invalid", "cannot group by timestamp");
    }
  }
  if (!faults.empty()) return faults;

  const auto saved = derived_columns_of(place);
  if (!saved.ok()) return std::vector{fault_of(saved.status())};
  const Result<query::Plan> plan = query::plan_of_specification(kept.text(), now, *saved);
  if (!plan.ok()) return std::vector{fault_of(plan.status())};

  const Result<std::set<std::string>> known = known_columns(place, kept);
  if (!known.ok()) {
    fault("dataset", "invalid", std::string(known.status().message()));
    return faults;
  }
  std::vector<NamedColumn> named;
  for (const std::string_view list : {"calculations", "filters", "breakdowns", "orders"})
    collect(kept, list, "", named);
  for (const NamedColumn& one : named) {
    if (!known->contains(without_relation(one.name)))
      fault(one.field, "invalid", complaint_about(one.name, *known));
  }
  if (!faults.empty()) return faults;
  return kept;
}

Result<QueryAnswer> ask_dataset(const QueryPlace& place, const JsonValue& specification,
                                const QueryWish& wish, UnixNanos now, const query::RunOptions& options) {
  CLEW_ASSIGN(const auto saved, derived_columns_of(place));
  CLEW_ASSIGN(query::Plan plan, query::plan_of_specification(specification.text(), now, saved));
  return ask_plan(place, std::move(plan), wish, options);
}

Result<QueryAnswer> ask_plan(const QueryPlace& place, query::Plan plan, const QueryWish& wish,
                             const query::RunOptions& options) {
  QueryAnswer answer{.plan = std::move(plan), .table = {}, .earlier = {}};
  query::Plan& asked = answer.plan;
  TimeRange metrics = asked.range;
  if (asked.compare_offset) metrics.from = query::earlier(asked).range.from;
  CLEW_ASSIGN(const DatasetScope scope,
              scope_of(*place.storage, *place.datasets, place.environment, place.dataset, metrics));
  asked.environment = place.environment;
  asked.filter = query::all_of({scope.filter, std::move(asked.filter)});
  if (asked.range.from < scope.range.from) asked.range.from = std::min(scope.range.from, asked.range.to);
  if (wish.rows) turn_into_rows(asked);
  if (wish.unweighted) asked.weighting = query::Weighting::stored_rows;
  const bool calculates = !asked.rows;
  asked.totals = wish.totals && calculates;
  asked.others = wish.others && calculates;
  if (wish.limit) asked.limit = *wish.limit;
  if (!wish.series || !calculates) {
    asked.granularity.reset();
  } else if (!asked.granularity) {
    asked.granularity = usual_granularity(asked.range);
  }
  CLEW_ASSIGN(answer.table, query::run(asked, scope.snapshot, options));
  if (asked.compare_offset && calculates) {
    CLEW_ASSIGN(answer.earlier, query::run(query::earlier(asked), scope.snapshot, options));
  }
  return answer;
}

JsonValue data_of(const QueryAnswer& answer, const QueryWish& wish) {
  JsonValue all = data_of(answer.plan, answer.table, wish);
  if (answer.earlier) {
    JsonValue earlier = data_of(answer.plan, *answer.earlier, wish);
    earlier["time_offset_seconds"] = JsonValue(answer.plan.compare_offset->count / 1'000'000'000);
    all["compare"] = std::move(earlier);
  }
  return all;
}

}  // namespace clew::honeycomb
