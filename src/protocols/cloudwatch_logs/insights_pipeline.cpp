#include "protocols/cloudwatch_logs/insights_pipeline.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include <re2/re2.h>

#include "protocols/cloudwatch_logs/insights_value_set.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kMostMade = 200'000;  // rows that unnest or join makes

}  // namespace

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

Status Pipeline::apply(const ParseCommand& command) {
  const auto groups = static_cast<size_t>(command.expression->NumberOfCapturingGroups());
  std::vector<re2::StringPiece> found(groups + 1);
  for (const std::string& name : command.names)
    if (!name.empty()) show_beside(name);
  for (Row& row : rows_) {
    const std::string text = to_text(evaluate(command.subject, row, scope_));
    if (!command.expression->Match(text, 0, text.size(), re2::RE2::UNANCHORED, found.data(),
                                   static_cast<int>(found.size())))
      continue;
    for (size_t i = 0; i < command.names.size() && i < groups; ++i) {
      if (!command.names[i].empty() && found[i + 1].data() != nullptr)
        row.set(command.names[i], std::string(found[i + 1].data(), found[i + 1].size()));
    }
  }
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
      if (rows.size() == kMostMade)
        return Status(ErrorKind::exhausted, "unnest makes more than 200000 rows: filter before it");
      rows.push_back(row);
      rows.back().set(command.name, value_of(element));
    }
  }
  rows_ = std::move(rows);
  if (!fields_.empty()) show(command.name);
  return {};
}

Status Pipeline::apply_join(const JoinCommand& command, const Pipeline& right) {
  std::unordered_multimap<std::string, const Row*> by_value;
  for (const Row& row : right.rows_) {
    const Value value = row.field(command.right_field);
    if (!is_missing(value)) by_value.emplace(equality_key(value), &row);
  }
  std::vector<Row> rows;
  for (const Row& row : rows_) {
    const Value value = row.field(command.left_field);
    std::vector<const Row*> matches;
    if (!is_missing(value)) {
      const auto [begin, end] = by_value.equal_range(equality_key(value));
      for (auto match = begin; match != end; ++match) matches.push_back(match->second);
      // In the order in which the other query has them.
      std::sort(matches.begin(), matches.end());
    }
    if (matches.empty() && command.keeps_unmatched) matches.push_back(nullptr);
    if (rows.size() + matches.size() > kMostMade)
      return {ErrorKind::exhausted, "join makes more than 200000 rows: filter before it"};
    for (const Row* match : matches) rows.push_back(row.joined(command.left, command.right, match));
  }
  rows_ = std::move(rows);
  return {};
}

Status Pipeline::apply(const JoinCommand&) {
  return {ErrorKind::internal, "join needs the rows of the other query"};
}

}  // namespace clew::cloudwatch_logs::insights
