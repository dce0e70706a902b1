#include "protocols/cloudwatch_logs/insights_pushdown.h"

#include <algorithm>
#include <array>

#include <re2/re2.h>

#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/insights_row.h"
#include "telemetry/semantic_names.h"

namespace clew::cloudwatch_logs::insights {
namespace {

using Kind = Expression::Kind;
using Types = std::set<store::ColumnType>;

query::ColumnName column_of_member(const std::string& name) {
  return {name, store::Scope::attribute};
}
query::ColumnName body() {
  return {std::string(names::kBody), store::Scope::intrinsic};
}

bool is_numeric(const Types& types) {
  return std::all_of(types.begin(), types.end(), [](store::ColumnType type) {
    return type == store::ColumnType::int64 || type == store::ColumnType::float64;
  });
}
bool is_text(const Types& types) {
  return std::all_of(types.begin(), types.end(),
                     [](store::ColumnType type) { return type == store::ColumnType::string; });
}

// Conditions as the engine has them, where they hold for the same events.
class Conditions {
 public:
  Conditions(const MemberColumns& members, bool& looks_at_members)
      : members_(members), looks_at_members_(looks_at_members) {}

  std::optional<query::Filter> of(const Expression& expression) {
    switch (expression.kind) {
      case Kind::all:
      case Kind::any:
      case Kind::negation:
        return of_children(expression);
      case Kind::likeness:
        return of_likeness(expression.children[0], expression.children[1]);
      case Kind::comparison:
        return of_comparison(expression);
      case Kind::membership:
        return of_membership(expression);
      case Kind::call:
        if (expression.name != "ispresent" || expression.children[0].kind != Kind::field) return std::nullopt;
        return types_of(expression.children[0].name) ? std::optional(exists(expression.children[0].name))
                                                     : std::nullopt;
      default:
        return std::nullopt;
    }
  }

 private:
  // Of a member that may be used.
  std::optional<Types> types_of(const std::string& name) {
    std::optional<Types> types = members_.types_of(name);
    if (types) looks_at_members_ = true;
    return types;
  }
  static query::Filter exists(const std::string& name) {
    return query::comparison(column_of_member(name), query::Operator::exists, {});
  }

  std::optional<query::Filter> of_children(const Expression& expression) {
    std::vector<query::Filter> children;
    for (const Expression& child : expression.children) {
      std::optional<query::Filter> one = of(child);
      if (!one) return std::nullopt;
      children.push_back(std::move(*one));
    }
    if (expression.kind == Kind::all) return query::all_of(std::move(children));
    if (expression.kind == Kind::any) return query::any_of(std::move(children));
    return query::none_of(std::move(children));
  }

  std::optional<query::Filter> of_likeness(const Expression& subject, const Expression& what) {
    if (subject.kind != Kind::field) return std::nullopt;
    query::ColumnName column = body();
    if (subject.name != "@message") {
      const std::optional<Types> types = types_of(subject.name);
      if (!types || !is_text(*types)) return std::nullopt;
      column = column_of_member(subject.name);
    }
    const bool is_expression = what.kind == Kind::expression;
    const std::string text = is_expression ? what.expression->pattern() : what.name;
    if (text.empty()) return std::nullopt;
    return query::comparison(std::move(column),
                             is_expression ? query::Operator::matches : query::Operator::contains, {text});
  }

  std::optional<query::Filter> of_comparison(const Expression& expression) {
    static constexpr std::array kOperators = {
        std::pair{std::string_view("="), query::Operator::equal},
        std::pair{std::string_view("!="), query::Operator::not_equal},
        std::pair{std::string_view("<"), query::Operator::less},
        std::pair{std::string_view("<="), query::Operator::less_or_equal},
        std::pair{std::string_view(">"), query::Operator::greater},
        std::pair{std::string_view(">="), query::Operator::greater_or_equal}};
    const auto found = std::find_if(kOperators.begin(), kOperators.end(),
                                    [&](const auto& one) { return one.first == expression.name; });
    const Expression &left = expression.children[0], &right = expression.children[1];
    if (found == kOperators.end() || left.kind != Kind::field) return std::nullopt;
    return compared(left.name, found->second, right);
  }

  std::optional<query::Filter> of_membership(const Expression& expression) {
    if (expression.children[0].kind != Kind::field || expression.children[1].kind != Kind::list)
      return std::nullopt;
    std::vector<query::Filter> any;
    for (const Expression& item : expression.children[1].children) {
      std::optional<query::Filter> one = compared(expression.children[0].name, query::Operator::equal, item);
      if (!one) return std::nullopt;
      any.push_back(std::move(*one));
    }
    return query::any_of(std::move(any));
  }

  std::optional<query::Filter> compared(const std::string& name, query::Operator op,
                                        const Expression& literal) {
    if (literal.kind != Kind::number && literal.kind != Kind::text) return std::nullopt;
    const std::optional<double> number =
        literal.kind == Kind::number ? std::optional(literal.number) : to_number(literal.name);
    const bool is_equality = op == query::Operator::equal || op == query::Operator::not_equal;
    if (name == "@logStream") {
      // Every event has one.
      if (number || !is_equality) return std::nullopt;
      return query::comparison(column::stream(), op, {literal.name});
    }
    const std::optional<Types> types = types_of(name);
    if (!types) return std::nullopt;
    query::Value value;
    if (number) {
      if (!is_numeric(*types)) return std::nullopt;
      value = *number;
    } else {
      const bool is_truth = literal.name == "true" || literal.name == "false";
      if (!is_equality || (is_truth && types->contains(store::ColumnType::boolean))) return std::nullopt;
      value = literal.name;
    }
    query::Filter filter = query::comparison(column_of_member(name), op, {std::move(value)});
    // What is missing is not different.
    if (op == query::Operator::not_equal) return query::all_of({exists(name), std::move(filter)});
    return filter;
  }

  const MemberColumns& members_;
  bool& looks_at_members_;
};

// The width of bin(5m), where bins begin at multiples of it.
std::optional<Nanoseconds> width_of_bin(const Expression& call) {
  if (call.kind != Kind::call || call.name != "bin") return std::nullopt;
  if (call.children.size() > 1 &&
      (call.children[0].kind != Kind::field || call.children[0].name != "@timestamp"))
    return std::nullopt;
  const Expression& period = call.children.back();
  if (period.kind != Kind::text) return std::nullopt;
  const std::optional<int64_t> width = period_in(period.name);
  const size_t unit = period.name.find_first_not_of("0123456789");
  if (!width || unit == std::string::npos) return std::nullopt;
  constexpr int64_t kLongest = 31 * 86'400'000LL;
  const std::string_view name = std::string_view(period.name).substr(unit);
  // Weeks, months and longer ones follow the calendar.
  const bool is_even = name.starts_with("ms") || name.starts_with('s') || name.starts_with('h') ||
                       name.starts_with('d') || name == "m" || name.starts_with("mi");
  if (!is_even || *width > kLongest) return std::nullopt;
  return milliseconds(*width);
}

Value value_of(const query::Value& value) {
  if (const std::optional<double> number = query::number_in(value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* truth = std::get_if<bool>(&value)) return std::string(*truth ? "true" : "false");
  if (const auto* at = std::get_if<UnixNanos>(&value)) return Moment{at->count / 1'000'000};
  return {};
}

// Builds the plan of one stats.
class Builder {
 public:
  Builder(const StatsCommand& stats, const MemberColumns& members, Pushdown& pushdown)
      : stats_(stats), members_(members), pushdown_(pushdown) {}

  bool build() {
    for (const NamedExpression& one : stats_.groups)
      if (!add_group(one.expression)) return false;
    for (const Expression* call : aggregate_calls(stats_))
      if (!add_use(*call)) return false;
    return true;
  }

 private:
  bool add_group(const Expression& group) {
    using Of = Pushdown::Group::Of;
    query::Plan& plan = pushdown_.plan;
    if (const auto width = width_of_bin(group)) {
      if (plan.granularity) return false;
      plan.granularity = *width;
      plan.buckets = query::TimeBuckets::rows;
      pushdown_.groups.push_back({Of::bin});
      return true;
    }
    if (group.kind != Kind::field) return false;
    if (group.name == "@logStream" || group.name == "@log") {
      const bool is_log = group.name == "@log";
      plan.group_by.push_back(is_log ? column::group() : column::stream());
      pushdown_.groups.push_back({is_log ? Of::log : Of::column});
      return true;
    }
    if (!members_.types_of(group.name)) return false;
    pushdown_.looks_at_members = true;
    plan.group_by.push_back(column_of_member(group.name));
    pushdown_.groups.push_back({Of::column});
    return true;
  }

  bool add_use(const Expression& call) {
    Pushdown::Use use;
    const bool counts = call.name.starts_with("count") && call.name != "count_distinct";
    const bool of_rows =
        call.children.empty() || (call.children[0].kind == Kind::field && call.children[0].name == "*");
    if (of_rows) {
      if (!counts) return false;
      use.present = calculation(query::CalculationKind::count, std::nullopt);
      pushdown_.uses.push_back(use);
      return true;
    }
    if (call.children[0].kind != Kind::field) return false;
    const std::string& name = call.children[0].name;
    const std::optional<Types> types = members_.types_of(name);
    if (!types) return false;
    pushdown_.looks_at_members = true;
    use.present = calculation(query::CalculationKind::count, name);
    if (!counts && !add_calculations(call, name, *types, use)) return false;
    pushdown_.uses.push_back(use);
    return true;
  }

  // Of a member beside how often it is there.
  bool add_calculations(const Expression& call, const std::string& name, const Types& types,
                        Pushdown::Use& use) {
    using Of = query::CalculationKind;
    const bool is_alike = is_numeric(types) || types.size() == 1;
    if (call.name == "count_distinct") {
      use.whole = calculation(Of::count_distinct, name);
      return is_alike;
    }
    if (!is_numeric(types)) return false;
    use.numeric = use.present;
    if (call.name.starts_with("sum") || call.name == "avg") {
      use.sum = calculation(Of::sum, name);
    } else if (call.name == "min" || call.name == "sortsfirst") {
      use.lowest = calculation(Of::minimum, name);
    } else if (call.name == "max" || call.name == "sortslast") {
      use.highest = calculation(Of::maximum, name);
    } else {
      const std::optional<double> quantile = quantile_of(call);
      if (!quantile) return false;
      use.whole = calculation(Of::percentile, name, *quantile);
    }
    return true;
  }

  static std::optional<double> quantile_of(const Expression& call) {
    constexpr double kMedian = 0.5;
    if (call.name == "median") return kMedian;
    const bool is_percentile = call.name == "pct" || call.name == "percentile";
    if (!is_percentile || call.children[1].kind != Kind::number) return std::nullopt;
    return std::clamp(call.children[1].number, 0.0, 100.0) / 100;
  }

  size_t calculation(query::CalculationKind kind, const std::optional<std::string>& member,
                     double quantile = 0) {
    std::optional<query::ColumnName> column;
    if (member) column = column_of_member(*member);
    return add({.kind = kind, .quantile = quantile, .column = std::move(column), .alias = {}, .filter = {}});
  }
  // The same one is asked for once.
  size_t add(query::Calculation calculation) {
    auto& all = pushdown_.plan.calculations;
    const auto known = std::find(all.begin(), all.end(), calculation);
    const auto position = static_cast<size_t>(known - all.begin());
    if (known == all.end()) all.push_back(std::move(calculation));
    return position;
  }

  const StatsCommand& stats_;
  const MemberColumns& members_;
  Pushdown& pushdown_;
};

}  // namespace

MemberColumns::MemberColumns(const store::Snapshot& snapshot) {
  for (const auto& segment : snapshot.segments) {
    for (const store::ColumnInfo& column : segment->columns())
      if (column.scope == store::Scope::attribute) add(column.name, column.type);
  }
}

std::optional<std::set<store::ColumnType>> MemberColumns::types_of(const std::string& name) const {
  if (name.empty() || name.starts_with('@') || name.starts_with("aws.log.") ||
      name.find_first_of("[*") != std::string::npos)
    return std::nullopt;
  // An object somewhere.
  const auto within = types_.lower_bound(name + ".");
  if (within != types_.end() && within->first.starts_with(name + ".")) return std::nullopt;
  // Within a list somewhere.
  for (size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
    const auto around = types_.find(name.substr(0, dot));
    if (around != types_.end() && around->second.contains(store::ColumnType::json)) return std::nullopt;
  }
  const auto found = types_.find(name);
  if (found == types_.end()) return std::set<store::ColumnType>();
  const bool is_plain = std::all_of(found->second.begin(), found->second.end(), [](store::ColumnType type) {
    return type == store::ColumnType::string || type == store::ColumnType::int64 ||
           type == store::ColumnType::float64 || type == store::ColumnType::boolean;
  });
  return is_plain ? std::optional(found->second) : std::nullopt;
}

std::optional<Pushdown> push_down(const Query& query, size_t stats, const MemberColumns& members) {
  Pushdown pushdown;
  std::vector<query::Filter> all;
  Conditions conditions(members, pushdown.looks_at_members);
  const auto are_themselves = [](const std::vector<NamedExpression>& fields) {
    return std::all_of(fields.begin(), fields.end(), [](const NamedExpression& one) {
      return one.expression.kind == Kind::field && one.expression.name == one.name;
    });
  };
  for (size_t i = 0; i < stats; ++i) {
    if (const auto* fields = std::get_if<FieldsCommand>(&query.commands[i])) {
      if (!are_themselves(fields->fields)) return std::nullopt;
    } else if (const auto* display = std::get_if<DisplayCommand>(&query.commands[i])) {
      if (!are_themselves(display->fields)) return std::nullopt;
    } else if (const auto* filter = std::get_if<FilterCommand>(&query.commands[i])) {
      std::optional<query::Filter> condition = conditions.of(filter->condition);
      if (!condition) return std::nullopt;
      all.push_back(std::move(*condition));
    } else {
      return std::nullopt;
    }
  }
  if (!Builder(std::get<StatsCommand>(query.commands[stats]), members, pushdown).build()) return std::nullopt;
  pushdown.plan.signal = Signal::logs;
  pushdown.plan.filter = query::all_of(std::move(all));
  pushdown.plan.weighting = query::Weighting::stored_rows;
  pushdown.plan.limit = query::kMostRows;
  return pushdown;
}

Status Pushdown::gather(const query::ResultTable& table, Gathering& into) const {
  if (table.groups_in_all > table.row_count) return Gathering::too_many_groups();
  const size_t first_group = plan.granularity ? 1 : 0;
  const size_t first_calculation = first_group + plan.group_by.size();
  for (size_t row = 0; row < table.row_count; ++row) {
    std::vector<Value> keys;
    size_t column = first_group;
    for (const Group& group : groups) {
      Value key = value_of(table.columns[group.of == Group::Of::bin ? 0 : column++].values[row]);
      if (group.of == Group::Of::log) key = log_name(to_text(key));
      keys.push_back(std::move(key));
    }
    std::vector<Gathering::Calculated> calculated;
    for (const Use& use : uses) {
      const auto value = [&](const std::optional<size_t>& position) {
        return position ? value_of(table.columns[first_calculation + *position].values[row]) : Value();
      };
      const auto number = [&](const std::optional<size_t>& position) {
        return to_number(value(position)).value_or(0);
      };
      calculated.push_back({.present = static_cast<uint64_t>(number(use.present)),
                            .numeric = static_cast<uint64_t>(number(use.numeric)),
                            .sum = number(use.sum),
                            .lowest = value(use.lowest),
                            .highest = value(use.highest),
                            .whole = use.whole ? std::optional(value(use.whole)) : std::nullopt});
    }
    CLEW_TRY(into.add(std::move(keys), calculated));
  }
  return {};
}

}  // namespace clew::cloudwatch_logs::insights
