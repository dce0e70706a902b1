#include "protocols/cloudwatch_logs/insights_stats.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "protocols/cloudwatch_logs/insights_functions.h"
#include "query/deviation.h"
#include "query/percentile_sketch.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kMostGroups = 10'000;
constexpr size_t kMostBytesHeld = size_t{256} << 20;
constexpr size_t kBytesOfDistinct = 64;  // beside its text

struct Gathered;

enum class Keeps : uint8_t { nothing, numbers, distribution, deviation, distinct };
struct Aggregate {
  std::string_view name;
  Arity arity;
  Value (*result)(const Gathered& gathered, double parameter);
  Keeps keeps = Keeps::nothing;
};

// What is gathered of one argument over the rows of a group.
struct Gathered {
  uint64_t present = 0;  // rows that have a value
  uint64_t numeric = 0;  // that have a number
  double sum = 0;
  query::Deviation deviation;
  query::PercentileSketch distribution;
  std::vector<double> numbers;  // for histograms only
  std::set<std::string> distinct;
  std::optional<Value> whole;
  Value first, last;      // by time
  Value lowest, highest;  // by order
  double first_at = 0, last_at = 0;

  // How many bytes more are held now.
  size_t add(const Value& value, double at, const Aggregate& aggregate);
  void add_ends(const Value& earliest, double earliest_at, const Value& latest, double latest_at);
};

// Of several of the same time: the smallest is first and the largest last, as the engine has it.
bool is_smaller(const Value& a, const Value& b) {
  const auto *left = std::get_if<std::string>(&a), *right = std::get_if<std::string>(&b);
  return left != nullptr && right != nullptr ? *left < *right : compare(a, b) < 0;
}

void Gathered::add_ends(const Value& earliest, double earliest_at, const Value& latest, double latest_at) {
  const bool begins =
      is_missing(first) || earliest_at < first_at || (earliest_at == first_at && is_smaller(earliest, first));
  if (begins) first = earliest, first_at = earliest_at;
  const bool ends =
      is_missing(last) || latest_at > last_at || (latest_at == last_at && is_smaller(last, latest));
  if (ends) last = latest, last_at = latest_at;
}

size_t Gathered::add(const Value& value, double at, const Aggregate& aggregate) {
  if (is_missing(value)) return 0;
  ++present;
  add_ends(value, at, value, at);
  if (present == 1 || compare(value, lowest) < 0) lowest = value;
  if (present == 1 || compare(value, highest) > 0) highest = value;
  if (const std::optional<double> number = to_number(value)) {
    ++numeric;
    sum += *number;
    if (aggregate.keeps == Keeps::deviation) deviation.add(*number);
    if (aggregate.keeps == Keeps::distribution) distribution.add(*number);
    if (aggregate.keeps == Keeps::numbers) {
      numbers.push_back(*number);
      return sizeof(double);
    }
  }
  if (aggregate.keeps != Keeps::distinct) return 0;
  const auto [text, is_new] = distinct.insert(to_text(value));
  return is_new ? text->size() + kBytesOfDistinct : 0;
}

Value count_rows(const Gathered& gathered, double) {
  return static_cast<double>(gathered.present);
}
Value count_distinct(const Gathered& gathered, double) {
  return static_cast<double>(gathered.distinct.size());
}
Value sum(const Gathered& gathered, double) {
  return gathered.numeric == 0 ? Value() : Value(gathered.sum);
}
Value average(const Gathered& gathered, double) {
  if (gathered.numeric == 0) return {};
  return gathered.sum / static_cast<double>(gathered.numeric);
}
Value deviation(const Gathered& gathered, double) {
  const std::optional<double> standard = gathered.deviation.standard();
  return standard ? Value(*standard) : Value();
}
Value percentile(const Gathered& gathered, double percent) {
  if (gathered.numeric == 0) return {};
  const std::optional<double> value = gathered.distribution.quantile(std::clamp(percent, 0.0, 100.0) / 100);
  return value ? Value(*value) : Value();
}
Value lowest(const Gathered& gathered, double) {
  return gathered.lowest;
}
Value highest(const Gathered& gathered, double) {
  return gathered.highest;
}
// By how much it changes in that many milliseconds, from the first value to the last.
Value rate(const Gathered& gathered, double interval) {
  const std::optional<double> from = to_number(gathered.first), to = to_number(gathered.last);
  const double passed = gathered.last_at - gathered.first_at;
  if (!from || !to || passed <= 0) return {};
  return (*to - *from) / passed * interval;
}
// How many are in each of so many ranges of equal width: a map with "from-to" for each.
Value histogram(const Gathered& gathered, double buckets) {
  constexpr double kMostBuckets = 1'000;
  if (gathered.numbers.empty()) return {};
  const auto [low, high] = std::minmax_element(gathered.numbers.begin(), gathered.numbers.end());
  // Of equal numbers there is one range.
  const auto count = *low == *high ? size_t{1} : static_cast<size_t>(std::clamp(buckets, 1.0, kMostBuckets));
  const double width = (*high - *low) / static_cast<double>(count);
  std::vector<uint64_t> counts(count);
  for (const double number : gathered.numbers) {
    const double place = width > 0 ? (number - *low) / width : 0;
    ++counts[std::min(static_cast<size_t>(place), count - 1)];
  }
  JsonValue::Object map;
  for (size_t i = 0; i < count; ++i) {
    const double from = *low + width * static_cast<double>(i);
    map.push_back({to_text(from) + "-" + to_text(i + 1 == count ? *high : from + width),
                   JsonValue(static_cast<int64_t>(counts[i]))});
  }
  return JsonValue(std::move(map));
}
Value earliest(const Gathered& gathered, double) {
  return gathered.first;
}
Value latest(const Gathered& gathered, double) {
  return gathered.last;
}

constexpr std::array kAggregates = {
    Aggregate{"count", {0, 1}, count_rows},
    Aggregate{"count_distinct", {1, 1}, count_distinct, Keeps::distinct},
    Aggregate{"sum", {1, 1}, sum},
    Aggregate{"avg", {1, 1}, average},
    Aggregate{"min", {1, 1}, lowest},
    Aggregate{"max", {1, 1}, highest},
    Aggregate{"pct", {2, 2}, percentile, Keeps::distribution},
    Aggregate{"percentile", {2, 2}, percentile, Keeps::distribution},
    Aggregate{"median", {1, 1}, percentile, Keeps::distribution},
    Aggregate{"stddev", {1, 1}, deviation, Keeps::deviation},
    Aggregate{"earliest", {1, 1}, earliest},
    Aggregate{"latest", {1, 1}, latest},
    Aggregate{"sortsfirst", {1, 1}, lowest},
    Aggregate{"sortslast", {1, 1}, highest},
    Aggregate{"count_over_time", {0, 1}, count_rows},
    Aggregate{"sum_over_time", {1, 1}, sum},
    Aggregate{"countovertime", {0, 1}, count_rows},
    Aggregate{"sumovertime", {1, 1}, sum},
    Aggregate{"rate", {2, 2}, rate},
    Aggregate{"histogram", {2, 2}, histogram, Keeps::numbers},
};

const Aggregate* find_aggregate(std::string_view name) {
  const auto found = std::find_if(kAggregates.begin(), kAggregates.end(),
                                  [&](const Aggregate& one) { return one.name == name; });
  return found == kAggregates.end() ? nullptr : &*found;
}

// The second argument: a number, or a period in milliseconds.
double parameter_of(const Expression& call, const Scope& scope) {
  constexpr double kMedian = 50;
  if (call.children.size() < 2) return kMedian;
  const Value value = evaluate(call.children[1], Row(), scope);
  if (const auto number = to_number(value)) return *number;
  return static_cast<double>(period_in(to_text(value)).value_or(static_cast<int64_t>(kMedian)));
}

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

struct Gathering::Use {
  const Expression* expression;
  const Aggregate* aggregate;

  static void find(const Expression& expression, std::vector<Use>& uses) {
    const Aggregate* aggregate =
        expression.kind == Expression::Kind::call ? find_aggregate(expression.name) : nullptr;
    if (aggregate != nullptr) {
      uses.push_back({&expression, aggregate});
      return;
    }
    for (const Expression& child : expression.children) find(child, uses);
  }
};

struct Gathering::Group {
  std::vector<Value> keys;
  std::vector<Gathered> gathered;  // by use
};

std::vector<const Expression*> aggregate_calls(const StatsCommand& command) {
  std::vector<Gathering::Use> uses;
  for (const NamedExpression& one : command.aggregates) Gathering::Use::find(one.expression, uses);
  std::vector<const Expression*> calls;
  for (const Gathering::Use& use : uses) calls.push_back(use.expression);
  return calls;
}

Gathering::Gathering(const StatsCommand& command, const Scope& scope) : command_(command), scope_(scope) {
  for (const NamedExpression& one : command.aggregates) Use::find(one.expression, uses_);
}
Gathering::~Gathering() = default;

// nullptr when there are too many.
Gathering::Group* Gathering::group_of(std::vector<Value> keys) {
  std::string text;
  for (const Value& key : keys) text.append(to_text(key)).push_back(is_missing(key) ? '\1' : '\0');
  const auto [place, is_new] = groups_.try_emplace(std::move(text));
  if (is_new) {
    if (groups_.size() > kMostGroups) return nullptr;
    place->second = std::make_unique<Group>(Group{std::move(keys), std::vector<Gathered>(uses_.size())});
    in_order_.push_back(place->second.get());
  }
  return place->second.get();
}

Status Gathering::too_many_groups() {
  return {ErrorKind::exhausted, "stats makes more than 10000 groups: group by fewer fields"};
}

Status Gathering::add(std::vector<Value> keys, const std::vector<Calculated>& calculated) {
  Group* group = group_of(std::move(keys));
  if (group == nullptr) return too_many_groups();
  for (size_t i = 0; i < calculated.size(); ++i) {
    Gathered& gathered = group->gathered[i];
    const Calculated& more = calculated[i];
    if (more.whole) {
      if (gathered.present > 0 && more.present > 0) is_mixed_ = true;
      if (gathered.present == 0) gathered.whole = more.whole;
    }
    gathered.present += more.present;
    gathered.numeric += more.numeric;
    gathered.sum += more.sum;
    if (!is_missing(more.lowest) &&
        (is_missing(gathered.lowest) || compare(more.lowest, gathered.lowest) < 0))
      gathered.lowest = more.lowest;
    if (!is_missing(more.highest) &&
        (is_missing(gathered.highest) || compare(more.highest, gathered.highest) > 0))
      gathered.highest = more.highest;
  }
  return {};
}

Status Gathering::add(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    std::vector<Value> keys;
    for (const NamedExpression& one : command_.groups) keys.push_back(evaluate(one.expression, row, scope_));
    Group* group = group_of(std::move(keys));
    if (group == nullptr) return too_many_groups();
    const double at = to_number(row.field("@timestamp")).value_or(0);
    for (size_t i = 0; i < uses_.size(); ++i) {
      const Expression& use = *uses_[i].expression;
      const Value value = counts_rows(use) ? Value(1.0) : evaluate(use.children[0], row, scope_);
      held_bytes_ += group->gathered[i].add(value, at, *uses_[i].aggregate);
    }
    if (held_bytes_ > kMostBytesHeld)
      return {ErrorKind::exhausted,
              "histograms and distinct values of so many events need more than 256 MiB: filter before stats"};
  }
  return {};
}

std::vector<Row> Gathering::result() {
  // Without groups there is a row even of nothing.
  if (command_.groups.empty() && groups_.empty()) group_of({});
  std::vector<Row> result;
  for (const Group* group : in_order_) {
    std::map<const Expression*, Value> values;
    for (size_t i = 0; i < uses_.size(); ++i) {
      const Expression& use = *uses_[i].expression;
      const Gathered& gathered = group->gathered[i];
      values.emplace(&use, gathered.whole ? *gathered.whole
                                          : uses_[i].aggregate->result(gathered, parameter_of(use, scope_)));
    }
    Row row;
    for (size_t i = 0; i < command_.groups.size(); ++i) {
      Value key = group->keys[i];
      const Expression& by = command_.groups[i].expression;
      auto* bin = by.kind == Expression::Kind::call && by.name == "bin" ? std::get_if<Moment>(&key) : nullptr;
      if (bin != nullptr) bin->milliseconds += command_.offset;
      row.set(command_.groups[i].name, std::move(key));
    }
    const Scope within{.now = scope_.now, .range = scope_.range, .aggregates = &values};
    for (const NamedExpression& one : command_.aggregates)
      row.set(one.name, evaluate(one.expression, row, within));
    result.push_back(std::move(row));
  }
  return result;
}

}  // namespace clew::cloudwatch_logs::insights
