#include "protocols/cloudwatch_logs/insights_pipeline.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "protocols/cloudwatch_logs/insights_value_set.h"

namespace clew::cloudwatch_logs::insights {
Pipeline::Pipeline(const Scope& scope, const std::vector<Event>& events) : scope_(scope) {
  rows_.reserve(events.size());
  for (const Event& event : events) rows_.emplace_back(event);
}

void Pipeline::become(const StatsCommand& command, Gathering& gathering) {
  rows_ = gathering.result();
  gathered_ = true;
  fields_.clear();
  displayed_.reset();
  bins_.reset();
  std::vector<std::string> others;
  for (const NamedExpression& one : command.groups) {
    show(one.name);
    const bool is_bin = one.expression.kind == Expression::Kind::call && one.expression.name == "bin";
    if (is_bin && !bins_)
      bins_ = Bins{one.name, to_text(evaluate(one.expression.children.back(), Row(), scope_)), {}};
    else
      others.push_back(one.name);
  }
  if (bins_) bins_->others = std::move(others);
  for (const NamedExpression& one : command.aggregates) show(one.name);
}

std::vector<std::string> Pipeline::shown_names() const {
  std::vector<std::string> names = displayed_ ? *displayed_ : fields_;
  if (names.empty() && !gathered_) names = {"@timestamp", "@message"};
  return names;
}

std::vector<std::vector<std::pair<std::string, std::string>>> Pipeline::shown() const {
  const std::vector<std::string> names = shown_names();
  std::vector<std::vector<std::pair<std::string, std::string>>> shown;
  for (const Row& row : rows_) {
    std::vector<std::pair<std::string, std::string>>& cells = shown.emplace_back();
    for (const std::string& name : names) {
      const Value value = row.field(name);
      if (!is_missing(value)) cells.emplace_back(name, to_text(value));
    }
    if (row.event() != nullptr) cells.emplace_back("@ptr", row.event()->place.text());
  }
  return shown;
}

std::vector<Value> Pipeline::first_values() const {
  const std::string name = shown_names().front();
  std::vector<Value> values;
  for (const Row& row : rows_) values.push_back(row.field(name));
  return values;
}

void Pipeline::show(const std::string& name) {
  if (std::find(fields_.begin(), fields_.end(), name) == fields_.end()) fields_.push_back(name);
}

void Pipeline::show_beside(const std::string& name) {
  if (fields_.empty() && !gathered_) fields_ = {"@timestamp", "@message"};
  show(name);
}

void Pipeline::set_all(const std::vector<NamedExpression>& fields) {
  for (const NamedExpression& one : fields) {
    const bool is_itself = one.expression.kind == Expression::Kind::field && one.expression.name == one.name;
    if (is_itself) continue;
    for (Row& row : rows_) row.set(one.name, evaluate(one.expression, row, scope_));
  }
}

Status Pipeline::apply(const FieldsCommand& command) {
  set_all(command.fields);
  for (const NamedExpression& one : command.fields) show(one.name);
  return {};
}

Status Pipeline::apply(const DisplayCommand& command) {
  set_all(command.fields);
  displayed_.emplace();
  for (const NamedExpression& one : command.fields) displayed_->push_back(one.name);
  return {};
}

Status Pipeline::apply(const FilterCommand& command) {
  std::erase_if(rows_, [&](const Row& row) { return !is_true(evaluate(command.condition, row, scope_)); });
  return {};
}

Status Pipeline::apply(const StatsCommand& command) {
  Gathering gathering(command, scope_);
  CLEW_TRY(gathering.add(rows_));
  become(command, gathering);
  return {};
}

Status Pipeline::apply(const SortCommand& command) {
  std::vector<std::pair<std::vector<Value>, size_t>> keys;
  for (size_t i = 0; i < rows_.size(); ++i) {
    std::vector<Value> values;
    for (const SortCommand::Key& key : command.keys) {
      // After stats its columns go by the names that their expressions have.
      Value value = rows_[i].field(key.expression.written);
      values.push_back(is_missing(value) ? evaluate(key.expression, rows_[i], scope_) : std::move(value));
    }
    keys.emplace_back(std::move(values), i);
  }
  std::stable_sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) {
    for (size_t i = 0; i < command.keys.size(); ++i) {
      const Value &left = a.first[i], &right = b.first[i];
      // What has no value comes last either way.
      if (is_missing(left) != is_missing(right)) return is_missing(right);
      const int order = compare(left, right);
      if (order != 0) return command.keys[i].descending ? order > 0 : order < 0;
    }
    return false;
  });
  std::vector<Row> sorted;
  sorted.reserve(rows_.size());
  for (const auto& [values, place] : keys) sorted.push_back(std::move(rows_[place]));
  rows_ = std::move(sorted);
  return {};
}

Status Pipeline::apply(const LimitCommand& command) {
  cut(command.rows);
  return {};
}

Status Pipeline::apply(const DedupCommand& command) {
  std::set<std::string> seen;
  std::erase_if(rows_, [&](const Row& row) {
    std::string key;
    for (const Expression& one : command.keys) {
      const Value value = evaluate(one, row, scope_);
      if (is_missing(value)) return false;  // all of those stay
      key.append(to_text(value)).push_back('\0');
    }
    return !seen.insert(key).second;
  });
  return {};
}

Status Pipeline::apply(const UnnestCommand& command) {
  std::vector<Row> rows;
  for (const Row& row : rows_) {
    const Value value = evaluate(command.list, row, scope_);
    const auto* json = std::get_if<JsonValue>(&value);
    if (json == nullptr || json->array() == nullptr) continue;
    for (const JsonValue& element : *json->array()) {
      if (rows.size() == kMostRowsMade)
        return Status(ErrorKind::exhausted, "unnest makes more than 200000 rows: filter before it");
      rows.push_back(row);
      rows.back().set(command.name, value_of(element));
    }
  }
  rows_ = std::move(rows);
  if (!fields_.empty()) show(command.name);
  return {};
}

std::vector<const Event*> Pipeline::events() const {
  std::vector<const Event*> events;
  for (const Row& row : rows_)
    if (events.empty() || events.back() != row.event()) events.push_back(row.event());
  return events;
}

}  // namespace clew::cloudwatch_logs::insights
