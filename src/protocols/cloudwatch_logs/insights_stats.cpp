#include "protocols/cloudwatch_logs/insights_stats.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "protocols/cloudwatch_logs/insights_functions.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kMostGroups = 10'000;

// What is gathered of one argument over the rows of a group.
struct Gathered {
  uint64_t rows = 0;     // of the group
  uint64_t present = 0;  // that have a value
  std::vector<double> numbers;
  std::set<std::string> distinct;
  Value first, last;      // by time
  Value lowest, highest;  // by order
  double first_at = 0, last_at = 0;

  void add(const Value& value, double at, bool keeps_numbers, bool keeps_distinct) {
    ++rows;
    if (is_missing(value)) return;
    if (++present == 1 || at < first_at) first = value, first_at = at;
    if (present == 1 || at >= last_at) last = value, last_at = at;
    if (present == 1 || compare(value, lowest) < 0) lowest = value;
    if (present == 1 || compare(value, highest) > 0) highest = value;
    if (keeps_numbers) {
      if (const std::optional<double> number = to_number(value)) numbers.push_back(*number);
    }
    if (keeps_distinct) distinct.insert(to_text(value));
  }
};

double sum_of(const Gathered& gathered) {
  double sum = 0;
  for (const double number : gathered.numbers) sum += number;
  return sum;
}

Value count_rows(const Gathered& gathered, double) {
  return static_cast<double>(gathered.present);
}
Value count_distinct(const Gathered& gathered, double) {
  return static_cast<double>(gathered.distinct.size());
}
Value sum(const Gathered& gathered, double) {
  return gathered.numbers.empty() ? Value() : Value(sum_of(gathered));
}
Value average(const Gathered& gathered, double) {
  if (gathered.numbers.empty()) return {};
  return sum_of(gathered) / static_cast<double>(gathered.numbers.size());
}
Value deviation(const Gathered& gathered, double) {
  if (gathered.numbers.empty()) return {};
  const double mean = sum_of(gathered) / static_cast<double>(gathered.numbers.size());
  double squares = 0;
  for (const double number : gathered.numbers) squares += (number - mean) * (number - mean);
  return std::sqrt(squares / static_cast<double>(gathered.numbers.size()));
}
Value percentile(const Gathered& gathered, double percent) {
  if (gathered.numbers.empty()) return {};
  std::vector<double> sorted = gathered.numbers;
  std::sort(sorted.begin(), sorted.end());
  const double place = std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - static_cast<double>(below));
}
Value lowest(const Gathered& gathered, double) {
  return gathered.lowest;
}
Value highest(const Gathered& gathered, double) {
  return gathered.highest;
}
Value earliest(const Gathered& gathered, double) {
  return gathered.first;
}
Value latest(const Gathered& gathered, double) {
  return gathered.last;
}

struct Aggregate {
  std::string_view name;
  Arity arity;
  Value (*result)(const Gathered& gathered, double parameter);
  bool of_numbers = false;
  bool of_distinct = false;
};
constexpr std::array kAggregates = {
    Aggregate{"count", {0, 1}, count_rows},
    Aggregate{"count_distinct", {1, 1}, count_distinct, false, true},
    Aggregate{"sum", {1, 1}, sum, true},
    Aggregate{"avg", {1, 1}, average, true},
    Aggregate{"min", {1, 1}, lowest},
    Aggregate{"max", {1, 1}, highest},
    Aggregate{"pct", {2, 2}, percentile, true},
    Aggregate{"percentile", {2, 2}, percentile, true},
    Aggregate{"median", {1, 1}, percentile, true},
    Aggregate{"stddev", {1, 1}, deviation, true},
    Aggregate{"earliest", {1, 1}, earliest},
    Aggregate{"latest", {1, 1}, latest},
    Aggregate{"sortsfirst", {1, 1}, lowest},
    Aggregate{"sortslast", {1, 1}, highest},
    Aggregate{"count_over_time", {0, 1}, count_rows},
    Aggregate{"sum_over_time", {1, 1}, sum, true},
};

const Aggregate* find_aggregate(std::string_view name) {
  const auto found = std::find_if(kAggregates.begin(), kAggregates.end(),
                                  [&](const Aggregate& one) { return one.name == name; });
  return found == kAggregates.end() ? nullptr : &*found;
}

struct Use {
  const Expression* expression;
  const Aggregate* aggregate;
};
void find_uses(const Expression& expression, std::vector<Use>& uses) {
  const Aggregate* aggregate =
      expression.kind == Expression::Kind::call ? find_aggregate(expression.name) : nullptr;
  if (aggregate != nullptr) {
    uses.push_back({&expression, aggregate});
    return;
  }
  for (const Expression& child : expression.children) find_uses(child, uses);
}

struct Group {
  std::vector<Value> keys;
  std::vector<Gathered> gathered;  // by use
};

bool counts_rows(const Expression& call) {
  return call.children.empty() ||
         (call.children[0].kind == Expression::Kind::field && call.children[0].name == "*");
}

}  // namespace

bool is_aggregate(std::string_view function) {
  return find_aggregate(function) != nullptr;
}

std::optional<Arity> arity_of(std::string_view function) {
  if (function == "bin") return Arity{1, 2};
  if (const Aggregate* aggregate = find_aggregate(function)) return aggregate->arity;
  if (const Function* found = find_function(function)) return found->arity;
  return std::nullopt;
}

Result<std::vector<Row>> gather(const StatsCommand& command, const std::vector<Row>& rows,
                                const Scope& scope) {
  std::vector<Use> uses;
  for (const NamedExpression& one : command.aggregates) find_uses(one.expression, uses);
  std::map<std::string, Group> groups;
  std::vector<Group*> in_order;
  const auto group_of = [&](std::vector<Value> keys) -> Group* {
    std::string text;
    for (const Value& key : keys) text.append(to_text(key)).push_back(is_missing(key) ? '\1' : '\0');
    const auto [place, is_new] = groups.try_emplace(std::move(text));
    if (is_new) {
      if (groups.size() > kMostGroups) return nullptr;
      place->second = {std::move(keys), std::vector<Gathered>(uses.size())};
      in_order.push_back(&place->second);
    }
    return &place->second;
  };
  for (const Row& row : rows) {
    std::vector<Value> keys;
    for (const NamedExpression& one : command.groups) keys.push_back(evaluate(one.expression, row, scope));
    Group* group = group_of(std::move(keys));
    if (group == nullptr)
      return Status(ErrorKind::exhausted, "stats makes more than 10000 groups: group by fewer fields");
    const double at = to_number(row.field("@timestamp")).value_or(0);
    for (size_t i = 0; i < uses.size(); ++i) {
      const Expression& use = *uses[i].expression;
      const Value value = counts_rows(use) ? Value(1.0) : evaluate(use.children[0], row, scope);
      group->gathered[i].add(value, at, uses[i].aggregate->of_numbers, uses[i].aggregate->of_distinct);
    }
  }
  // Without groups there is a row even of nothing.
  if (command.groups.empty() && rows.empty()) group_of({});
  std::vector<Row> result;
  for (const Group* group : in_order) {
    std::map<const Expression*, Value> values;
    for (size_t i = 0; i < uses.size(); ++i) {
      const Expression& use = *uses[i].expression;
      const double parameter =
          use.children.size() > 1 ? to_number(evaluate(use.children[1], Row(), scope)).value_or(50) : 50;
      values.emplace(&use, uses[i].aggregate->result(group->gathered[i], parameter));
    }
    Row row;
    for (size_t i = 0; i < command.groups.size(); ++i) row.set(command.groups[i].name, group->keys[i]);
    const Scope within{.now = scope.now, .aggregates = &values};
    for (const NamedExpression& one : command.aggregates)
      row.set(one.name, evaluate(one.expression, row, within));
    result.push_back(std::move(row));
  }
  return result;
}

}  // namespace clew::cloudwatch_logs::insights
