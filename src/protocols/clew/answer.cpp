#include "protocols/clew/answer.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "protocols/clew/values.h"
#include "telemetry/semantic_names.h"

namespace clew::api {
namespace {

constexpr std::string_view kDurationMilliseconds = "duration_ms";
constexpr size_t kRowsWithLines = 100;
constexpr int64_t kTotals = -1;

bool is_calculation(const query::ResultColumn& column) {
  return column.role == query::ColumnRole::calculation;
}

size_t first_calculation(const query::ResultTable& table) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(), is_calculation);
  return static_cast<size_t>(found - table.columns.begin());
}

// The type that all values share; numbers of both kinds are float64, other mixtures "any".
std::string_view type_of_values(std::span<const query::Value> values, std::string_view without_values) {
  std::optional<store::ColumnType> type;
  for (const query::Value& value : values) {
    if (std::holds_alternative<query::Histogram>(value)) return "heatmap";
    const std::optional<store::ColumnType> seen = type_of(value);
    if (!seen || seen == type) continue;
    const auto is_number = [](store::ColumnType t) {
      return t == store::ColumnType::int64 || t == store::ColumnType::float64;
    };
    if (!type) {
      type = seen;
    } else if (is_number(*type) && is_number(*seen)) {
      type = store::ColumnType::float64;
    } else {
      return "any";
    }
  }
  return type ? name_of(*type) : without_values;
}

std::string_view type_of_named(std::string_view name, std::span<const query::Value> values) {
  const std::string_view seen = type_of_values(values, "any");
  if (name == names::kDuration && seen == "int64") return "duration";
  if (seen != "string") return seen;
  if (name == names::kTraceId || name == names::kLinkTraceId) return "trace_id";
  if (name == names::kSpanId || name == names::kParentId || name == names::kLinkSpanId) return "span_id";
  return seen;
}

// Of calculations whose result is in the unit of their column.
std::string_view unit_of(const query::Calculation& calculation) {
  const bool keeps_unit = calculation.kind != query::CalculationKind::count &&
                          calculation.kind != query::CalculationKind::count_distinct;
  if (!keeps_unit || !calculation.column) return {};
  return calculation.column->name == kDurationMilliseconds ? "ms"
         : calculation.column->name == names::kDuration    ? "ns"
                                                           : "";
}

void write_column(JsonWriter& json, const query::ResultColumn& column,
                  const query::Calculation* calculation) {
  json.begin_object().key("name").string(column.name).key("type");
  std::string_view role = "raw", unit;
  if (calculation != nullptr) {
    role = "calculation";
    unit = unit_of(*calculation);
    json.string(calculation->kind == query::CalculationKind::heatmap
                    ? "heatmap"
                    : type_of_values(column.values, "float64"));
  } else {
    if (column.role != query::ColumnRole::row) role = "group";
    unit = column.name == kDurationMilliseconds ? "ms" : column.name == names::kDuration ? "ns" : "";
    json.string(type_of_named(column.name, column.values));
  }
  json.key("role").string(role);
  if (!unit.empty()) json.key("unit").string(unit);
  json.end_object();
}

void write_table(JsonWriter& json, const query::Plan& plan, const query::ResultTable& table) {
  const size_t calculations = first_calculation(table);
  json.key("columns").begin_array();
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const bool calculated = i >= calculations && i - calculations < plan.calculations.size();
    write_column(json, table.columns[i], calculated ? &plan.calculations[i - calculations] : nullptr);
  }
  json.end_array().key("rows").begin_array();
  for (size_t row = 0; row < table.row_count; ++row) {
    json.begin_array();
    for (const query::ResultColumn& column : table.columns) write_value(json, column.values[row]);
    json.end_array();
  }
  json.end_array();
  json.key("total_rows")
      .integer(plan.rows ? std::max<uint64_t>(table.cost.rows_matched, table.row_count)
                         : std::max<uint64_t>(table.groups_in_all, table.row_count));
  json.key("totals");
  if (table.totals.empty()) {
    json.null();
    return;
  }
  json.begin_array();
  for (size_t i = 0; i < calculations; ++i) json.null();
  for (const query::Value& value : table.totals) write_value(json, value);
  json.end_array();
}

// The time axis that all lines share.
struct Steps {
  UnixNanos start;
  int64_t width = 1;
  size_t count = 0;

  std::optional<size_t> step_of(UnixNanos at) const {
    const int64_t step = (at - start).count / width;
    if (at < start || step >= static_cast<int64_t>(count)) return std::nullopt;
    return static_cast<size_t>(step);
  }
};

Steps steps_of(const query::Plan& plan) {
  Steps steps;
  steps.width = std::max<int64_t>(plan.granularity->count, 1);
  int64_t past_step = plan.range.from.count % steps.width;
  if (past_step < 0) past_step += steps.width;
  steps.start = plan.range.from - Nanoseconds{past_step};
  const int64_t length = (plan.range.to - steps.start).count;
  steps.count = static_cast<size_t>(length / steps.width + (length % steps.width != 0 ? 1 : 0));
  return steps;
}

// The points of one result row, in the order of time.
using Points = std::vector<size_t>;

std::map<int64_t, Points> points_by_row(const query::Series& series, bool totals) {
  std::map<int64_t, Points> rows;
  for (size_t i = 0; i < series.size(); ++i) {
    const int64_t row = totals ? kTotals : int64_t{series.rows[i]};
    if (row < static_cast<int64_t>(kRowsWithLines)) rows[row].push_back(i);
  }
  return rows;
}

void write_line(JsonWriter& json, const Steps& steps, const query::Series& series, const Points& points,
                const query::ResultColumn& calculation) {
  std::vector<const query::Value*> by_step(steps.count);
  for (const size_t point : points) {
    if (const auto step = steps.step_of(series.times[point])) by_step[*step] = &calculation.values[point];
  }
  json.key("values").begin_array();
  for (const query::Value* value : by_step) {
    const auto* time = value == nullptr ? nullptr : std::get_if<UnixNanos>(value);
    if (value == nullptr) {
      json.null();
    } else if (time != nullptr) {
      json.number(static_cast<double>(time->count));
    } else if (const std::optional<double> number = query::number_in(*value)) {
      json.number(*number);
    } else {
      json.null();
    }
  }
  json.end_array();
}

// Histograms of one calculation share their step; those that begin higher are moved to the lowest one's
// buckets.
void write_heatmap(JsonWriter& json, const Steps& steps, const query::Series& series, const Points& points,
                   const query::ResultColumn& calculation) {
  std::vector<const query::Histogram*> by_step(steps.count);
  const query::Histogram* lowest = nullptr;
  double end = 0;
  for (const size_t point : points) {
    const auto* histogram = std::get_if<query::Histogram>(&calculation.values[point]);
    const auto step = steps.step_of(series.times[point]);
    if (histogram == nullptr || histogram->counts.empty() || !step) continue;
    by_step[*step] = histogram;
    if (lowest == nullptr || histogram->minimum < lowest->minimum) lowest = histogram;
    end = std::max(end, histogram->minimum + histogram->step * static_cast<double>(histogram->counts.size()));
  }
  const auto offset_of = [&](const query::Histogram& histogram) {
    return lowest->step > 0
               ? static_cast<size_t>(std::llround((histogram.minimum - lowest->minimum) / lowest->step))
               : 0;
  };
  size_t buckets = 0;
  for (const query::Histogram* histogram : by_step) {
    if (histogram != nullptr) buckets = std::max(buckets, offset_of(*histogram) + histogram->counts.size());
  }
  json.key("bounds").begin_array();
  for (size_t i = 0; lowest != nullptr && i <= buckets; ++i) {
    const double bound = lowest->minimum + lowest->step * static_cast<double>(i);
    json.number(lowest->logarithmic ? std::pow(10, bound) : bound);
  }
  json.end_array().key("counts").begin_array();
  for (const query::Histogram* histogram : by_step) {
    json.begin_array();
    if (histogram != nullptr) {
      std::vector<double> counts(buckets);
      std::copy(histogram->counts.begin(), histogram->counts.end(),
                counts.begin() + static_cast<ptrdiff_t>(offset_of(*histogram)));
      for (const double count : counts) json.number(count);
    }
    json.end_array();
  }
  json.end_array();
}

void write_series(JsonWriter& json, const query::Plan& plan, const query::ResultTable& table) {
  json.key("series");
  if (!plan.granularity || plan.calculations.empty() || plan.buckets != query::TimeBuckets::series) {
    json.null();
    return;
  }
  const Steps steps = steps_of(plan);
  const size_t first = first_calculation(table);
  json.begin_object().time_members("start", steps.start);
  json.key("step_ns").integer(steps.width).key("steps").integer(steps.count);
  const auto write_all = [&](bool heatmaps, auto write_one) {
    json.begin_array();
    for (const auto* series : {&table.totals_series, &table.series}) {
      for (const auto& [row, points] : points_by_row(*series, series == &table.totals_series)) {
        for (size_t i = 0; i < series->calculations.size(); ++i) {
          if ((plan.calculations[i].kind == query::CalculationKind::heatmap) != heatmaps) continue;
          json.begin_object().key("row").integer(row).key("column").integer(first + i);
          write_one(json, steps, *series, points, series->calculations[i]);
          json.end_object();
        }
      }
    }
    json.end_array();
  };
  json.key("lines");
  write_all(false, write_line);
  json.key("heatmaps");
  write_all(true, write_heatmap);
  json.end_object();
}

}  // namespace

void write_answer(JsonWriter& json, const query::Plan& plan, const query::ResultTable& table,
                  const std::vector<std::string>& notes, const EarlierAnswer* earlier) {
  write_range(json.begin_object(), plan.range);
  write_table(json, plan, table);
  write_series(json, plan, table);
  write_partial(json, table.cost);
  if (!notes.empty()) {
    json.key("notes").begin_array();
    for (const std::string& note : notes) json.string(note);
    json.end_array();
  }
  if (earlier != nullptr) {
    json.key("earlier");
    write_answer(json, earlier->plan, earlier->table, {});
  }
  write_cost(json, table.cost);
  json.end_object();
}

}  // namespace clew::api
