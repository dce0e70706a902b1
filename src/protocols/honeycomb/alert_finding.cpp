#include "protocols/honeycomb/alert_finding.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "protocols/honeycomb/resources.h"
#include "protocols/honeycomb/slo_budget.h"

namespace clew::honeycomb {
namespace {

int64_t whole_in(const JsonValue& object, std::string_view name, int64_t usual) {
  const JsonValue* value = object.find(name);
  return value == nullptr || value->integer() == nullptr ? usual : *value->integer();
}

bool satisfies(double value, const std::string& op, double threshold) {
  if (op == ">") return value > threshold;
  if (op == ">=") return value >= threshold;
  if (op == "<") return value < threshold;
  return value <= threshold;
}

// The groups of a result, each with the value that is watched. Calculations that a having needs come after
// it.
struct Row {
  JsonValue group = JsonValue(JsonValue::Object{});
  std::string key;
  std::optional<double> value;
};
std::vector<Row> rows_of(const query::ResultTable& table) {
  std::vector<Row> rows(table.row_count);
  for (size_t row = 0; row < table.row_count; ++row) {
    bool found = false;
    for (const query::ResultColumn& column : table.columns) {
      if (column.role == query::ColumnRole::group) {
        const std::string text = query::is_null(column.values[row]) ? "" : query::to_text(column.values[row]);
        rows[row].key += text + '\n';
        if (!text.empty()) rows[row].group[column.name] = JsonValue(text);
      } else if (column.role == query::ColumnRole::calculation && !found) {
        rows[row].value = query::number_in(column.values[row]);
        found = true;
      }
    }
  }
  return rows;
}

std::string name_of_calculation(const query::ResultTable& table) {
  for (const query::ResultColumn& column : table.columns) {
    if (column.role == query::ColumnRole::calculation) return column.name;
  }
  return "the result";
}

}  // namespace

Result<AlertFinding> find_for_trigger(const QueryPlace& place, const JsonValue& trigger, UnixNanos now,
                                      const query::RunOptions& run) {
  JsonValue query;
  if (const JsonValue* own = trigger.find("query")) {
    query = *own;
  } else {
    CLEW_ASSIGN(auto kept,
                read_resource(*place.records, place.environment, record_kind("queries", place.dataset),
                              text_in(trigger, "query_id")));
    if (!kept) return Status(ErrorKind::not_found, "the trigger's query is gone");
    query = std::move(*kept);
  }
  const QueryWish wish{.series = false, .limit = {}};
  CLEW_ASSIGN(const QueryAnswer answer, ask_dataset(place, query, wish, now, run));
  std::vector<Row> rows = rows_of(answer.table);
  std::string watched = name_of_calculation(answer.table);

  if (const JsonValue* baseline = trigger.find("baseline_details")) {
    const UnixNanos before = now - seconds(60 * whole_in(*baseline, "offset_minutes", 60));
    CLEW_ASSIGN(const QueryAnswer earlier, ask_dataset(place, query, wish, before, run));
    std::map<std::string, double> values;
    for (const Row& row : rows_of(earlier.table)) values[row.key] = row.value.value_or(0);
    const bool percent = text_in(*baseline, "type") == "percentage";
    for (Row& row : rows) {
      const double then = values.contains(row.key) ? values[row.key] : 0;
      if (!row.value) continue;
      const double change = *row.value - then;
      if (!percent) {
        row.value = change;
      } else if (then != 0) {
        row.value = 100 * change / then;
      } else {
        row.value.reset();  // of nothing there is no percentage
      }
    }
    watched = fmt::format("the change of {}{}", watched, percent ? " in percent" : "");
  }

  const JsonValue& threshold = *trigger.find("threshold");
  const std::string op = text_in(threshold, "op");
  const double limit = threshold.find("value")->number().value_or(0);
  AlertFinding finding;
  for (const Row& row : rows) {
    if (!row.value) continue;
    JsonValue group;
    group["Group"] = row.group;
    group["Result"] = JsonValue(*row.value);
    finding.all_groups.array()->push_back(group);
    if (!satisfies(*row.value, op, limit)) continue;
    if (!finding.over) finding.summary = fmt::format("{} was {} ({} {})", watched, *row.value, op, limit);
    finding.groups.array()->push_back(std::move(group));
    finding.over = true;
  }
  if (finding.over && rows.size() > 1)
    finding.summary += fmt::format(" in {} of {} groups", finding.groups.array()->size(), rows.size());
  if (!finding.over) finding.summary = fmt::format("{} is no longer {} {}", watched, op, limit);
  return finding;
}

Result<AlertFinding> find_for_burn_alert(const QueryPlace& place, const JsonValue& alert, UnixNanos now,
                                         const query::RunOptions& run) {
  CLEW_ASSIGN(const auto slo,
              read_resource(*place.records, place.environment, record_kind("slos", place.dataset),
                            text_in(*alert.find("slo"), "id")));
  if (!slo) return Status(ErrorKind::not_found, "the burn alert's SLO is gone");
  CLEW_ASSIGN(const SloBudget budget, slo_budget(place, *slo, now, run));
  AlertFinding finding;
  if (text_in(alert, "alert_type") == "budget_rate") {
    const int64_t window = whole_in(alert, "budget_rate_window_minutes", 60);
    const double limit =
        static_cast<double>(whole_in(alert, "budget_rate_decrease_threshold_per_million", 1)) / 1e4;
    CLEW_ASSIGN(const SloCounts lately, count_slo(place, *slo, window, now, run));
    const double spent = budget.allowed > 0 ? 100 * lately.bad / budget.allowed : 0;
    finding.over = budget.allowed > 0 && spent >= limit;
    finding.summary =
        fmt::format("{:.2f} % of the budget of {} went in {} minutes", spent, text_in(*slo, "name"), window);
    return finding;
  }
  const int64_t horizon = whole_in(alert, "exhaustion_minutes", 0);
  const double left = budget.allowed - budget.period.bad;
  // As quickly as in the last quarter of the time that is asked about.
  const int64_t lookback = std::max<int64_t>(horizon / 4, 1);
  CLEW_ASSIGN(const SloCounts lately, count_slo(place, *slo, lookback, now, run));
  const double each_minute = lately.bad / static_cast<double>(lookback);
  const bool spent = budget.period.total() > 0 && left <= 0;
  const double minutes_left = each_minute > 0 ? left / each_minute : INFINITY;
  finding.over = spent || (horizon > 0 && minutes_left <= static_cast<double>(horizon));
  finding.summary = spent          ? fmt::format("the budget of {} is exhausted", text_in(*slo, "name"))
                    : finding.over ? fmt::format("the budget of {} will be exhausted in {:.0f} minutes",
                                                 text_in(*slo, "name"), minutes_left)
                                   : fmt::format("the budget of {} lasts", text_in(*slo, "name"));
  return finding;
}

}  // namespace clew::honeycomb
