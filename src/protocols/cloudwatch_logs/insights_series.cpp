// The commands of Logs Insights that look at the rows one after the other: totals, sums so far, sessions, and
// what fills gaps, what is far from the rest.
#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "protocols/cloudwatch_logs/insights_functions.h"
#include "protocols/cloudwatch_logs/insights_pipeline.h"
#include "protocols/cloudwatch_logs/insights_value_set.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kMostFilled = 100'000;

// The values of some fields, as a text that is the same for the same ones.
std::string key_of(const Row& row, const std::vector<std::string>& names) {
  std::string key;
  for (const std::string& name : names) {
    const Value value = row.field(name);
    key.append(is_missing(value) ? "" : equality_key(value)).push_back('\0');
  }
  return key;
}

// Of numbers in order; between two of them in proportion.
double quantile(const std::vector<double>& sorted, double part) {
  const double place = part * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - static_cast<double>(below));
}

}  // namespace

Status Pipeline::apply(const FilldownCommand& command) {
  std::vector<std::string> names = command.names;
  if (names.empty()) names = fields_;
  for (const std::string& name : command.names) {
    if (!name.ends_with('*')) continue;
    const std::string_view begins(name.data(), name.size() - 1);
    std::copy_if(fields_.begin(), fields_.end(), std::back_inserter(names),
                 [&](const std::string& shown) { return shown.starts_with(begins); });
  }
  for (const std::string& name : names) {
    Value last;
    for (Row& row : rows_) {
      Value value = row.field(name);
      if (!is_missing(value)) {
        last = std::move(value);
      } else if (!is_missing(last)) {
        row.set(name, last);
      }
    }
  }
  return {};
}

Status Pipeline::apply(const FillmissingCommand& command) {
  if (!bins_ || rows_.empty()) return {};
  const auto time_of = [&](const Row& row) { return to_number(row.field(bins_->name)).value_or(0); };
  const auto [first, last] = std::minmax_element(
      rows_.begin(), rows_.end(), [&](const Row& a, const Row& b) { return time_of(a) < time_of(b); });
  const double end = time_of(*last);
  // A row for each bin and whatever else rows are grouped by.
  std::map<std::string, Row> examples;
  std::set<std::pair<double, std::string>> known;
  for (const Row& row : rows_) {
    const std::string key = key_of(row, bins_->others);
    examples.try_emplace(key, row);
    known.emplace(time_of(row), key);
  }
  const Function* next_bin = find_function("dateceil");
  for (double at = time_of(*first); at <= end;) {
    for (const auto& [key, example] : examples) {
      if (known.contains({at, key})) continue;
      if (rows_.size() >= kMostFilled)
        return {ErrorKind::exhausted, "fillmissing makes more than 100000 rows: take wider bins"};
      Row row;
      row.set(bins_->name, Moment{static_cast<int64_t>(at)});
      for (const std::string& name : bins_->others) row.set(name, example.field(name));
      for (const auto& [name, value] : command.values) row.set(name, value);
      rows_.push_back(std::move(row));
    }
    const Value next = next_bin->call({Moment{static_cast<int64_t>(at) + 1}, bins_->period}, scope_);
    const std::optional<double> start = to_number(next);
    if (!start || *start <= at) break;
    at = *start;
  }
  std::stable_sort(rows_.begin(), rows_.end(),
                   [&](const Row& a, const Row& b) { return time_of(a) < time_of(b); });
  return {};
}

Status Pipeline::apply(const AddtotalsCommand& command) {
  std::vector<std::string> names = command.fields;
  if (names.empty()) {
    // Times are numbers too, but nobody adds them.
    for (const std::string& name : shown_names()) {
      const bool adds_up = std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) {
        const Value value = row.field(name);
        return !std::holds_alternative<Moment>(value) && to_number(value).has_value();
      });
      if (adds_up) names.push_back(name);
    }
  }
  std::vector<double> of_fields(names.size());
  for (Row& row : rows_) {
    double of_row = 0;
    for (size_t i = 0; i < names.size(); ++i) {
      const double number = to_number(row.field(names[i])).value_or(0);
      of_row += number;
      of_fields[i] += number;
    }
    if (command.of_rows) row.set(command.name, of_row);
  }
  if (command.of_rows) show_beside(command.name);
  if (!command.of_fields) return {};
  Row totals;
  for (size_t i = 0; i < names.size(); ++i) totals.set(names[i], of_fields[i]);
  rows_.push_back(std::move(totals));
  return {};
}

Status Pipeline::apply(const AccumCommand& command) {
  double sum = 0;
  for (Row& row : rows_) {
    if (const auto number = to_number(row.field(command.field))) {
      sum += *number;
      row.set(command.name, sum);
    }
  }
  show_beside(command.name);
  return {};
}

Status Pipeline::apply(const SessionizeCommand& command) {
  std::vector<size_t> by_time(rows_.size());
  for (size_t i = 0; i < by_time.size(); ++i) by_time[i] = i;
  const auto time_of = [&](size_t row) { return to_number(rows_[row].field("@timestamp")).value_or(0); };
  std::stable_sort(by_time.begin(), by_time.end(),
                   [&](size_t a, size_t b) { return time_of(a) < time_of(b); });
  struct Session {
    double last = 0;
    double number = 0;
  };
  std::map<std::string, Session> sessions;
  double number = 0;
  for (const size_t row : by_time) {
    const auto [session, is_new] = sessions.try_emplace(key_of(rows_[row], command.fields));
    const double at = time_of(row);
    const bool begins = is_new || at - session->second.last > static_cast<double>(command.longest_pause);
    if (begins) session->second.number = ++number;
    session->second.last = at;
    rows_[row].set(command.name, session->second.number);
  }
  show_beside(command.name);
  return {};
}

Status Pipeline::apply(const AutoregressCommand& command) {
  for (size_t before = command.first; before <= command.last; ++before) {
    const std::string stem = command.name.empty() ? command.field : command.name;
    const bool is_named = !command.name.empty() && !command.is_range;
    const std::string name = is_named ? stem : stem + "_p" + std::to_string(before);
    show_beside(name);
    // From the last row on, so that a name that is the field's own takes the values of before.
    for (size_t i = rows_.size(); i-- > before;) rows_[i].set(name, rows_[i - before].field(command.field));
    for (size_t i = 0; i < std::min(before, rows_.size()); ++i) rows_[i].set(name, Value());
  }
  return {};
}

Status Pipeline::apply(const OutlierCommand& command) {
  std::vector<bool> is_outlier(rows_.size());
  for (const std::string& name : command.fields) {
    std::vector<double> sorted;
    for (const Row& row : rows_)
      if (const auto number = to_number(row.field(name))) sorted.push_back(*number);
    if (sorted.empty()) continue;
    std::sort(sorted.begin(), sorted.end());
    const double low = quantile(sorted, 0.25), high = quantile(sorted, 0.75);
    const double most = high + command.factor * (high - low);
    const double least =
        command.lower_too ? low - command.factor * (high - low) : -std::numeric_limits<double>::infinity();
    const std::string mark = name + "_outlier";
    if (command.marks) show_beside(mark);
    for (size_t i = 0; i < rows_.size(); ++i) {
      const std::optional<double> number = to_number(rows_[i].field(name));
      if (!number) continue;
      const bool is_beyond = *number > most || *number < least;
      if (command.marks) rows_[i].set(mark, std::string(is_beyond ? "true" : "false"));
      if (is_beyond && !command.removes) rows_[i].set(name, std::clamp(*number, least, most));
      if (is_beyond) is_outlier[i] = true;
    }
  }
  if (!command.removes) return {};
  size_t kept = 0;
  for (size_t i = 0; i < rows_.size(); ++i)
    if (!is_outlier[i]) std::swap(rows_[kept++], rows_[i]);
  rows_.resize(kept);
  return {};
}

}  // namespace clew::cloudwatch_logs::insights
