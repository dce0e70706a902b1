#include "protocols/cloudwatch_logs/stored_bytes.h"

#include <algorithm>

#include "protocols/cloudwatch_logs/event_rows.h"
#include "telemetry/semantic_names.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr Nanoseconds kLongest = seconds(5);

query::Filter shown_of(const LogGroup& group, UnixNanos now) {
  const query::ColumnName time{std::string(names::kTime), store::Scope::intrinsic};
  return query::all_of(
      {events_of(group), query::comparison(time, query::Operator::greater_or_equal, {group.oldest(now)})});
}

}  // namespace

Result<std::map<std::string, uint64_t>> stored_bytes_of(const Call& call,
                                                        const std::vector<LogGroup>& groups) {
  std::map<std::string, uint64_t> bytes;
  if (groups.empty()) return bytes;
  query::Plan plan;
  plan.signal = Signal::logs;
  plan.range.from = groups.front().oldest(call.now);
  std::vector<query::Filter> any;
  for (const LogGroup& group : groups) {
    bytes[group.name] = 0;
    plan.range.from = std::min(plan.range.from, group.oldest(call.now));
    any.push_back(shown_of(group, call.now));
  }
  plan.filter = query::any_of(std::move(any));
  plan.group_by = {column::group()};
  plan.weighting = query::Weighting::stored_rows;
  plan.limit = query::kMostRows;
  plan.calculations.push_back({.kind = query::CalculationKind::sum,
                               .quantile = 0,
                               .column = column::bytes(),
                               .alias = {},
                               .filter = {}});
  query::RunOptions options = call.run_options();
  options.time_limit = std::min(options.time_limit, kLongest);
  CLEW_ASSIGN(const query::ResultTable table, query::run(plan, call.snapshot(Signal::logs), options));
  for (size_t row = 0; row < table.row_count; ++row) {
    const query::Value& sum = table.columns[1].values[row];
    const auto* real = std::get_if<double>(&sum);
    const auto* whole = std::get_if<int64_t>(&sum);
    const double value = real != nullptr ? *real : whole != nullptr ? static_cast<double>(*whole) : 0;
    // A sender's own attribute of that name may say anything.
    bytes[query::to_text(table.columns[0].values[row])] = static_cast<uint64_t>(std::clamp(value, 0.0, 9e15));
  }
  return bytes;
}

}  // namespace clew::cloudwatch_logs
