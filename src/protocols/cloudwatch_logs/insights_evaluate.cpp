#include "protocols/cloudwatch_logs/insights_evaluate.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <re2/re2.h>

#include "protocols/cloudwatch_logs/insights_functions.h"
#include "protocols/cloudwatch_logs/insights_value_set.h"

namespace clew::cloudwatch_logs::insights {
namespace {

using Kind = Expression::Kind;

Value truth(bool value) {
  return value ? 1.0 : 0.0;
}

bool compares(std::string_view op, const Value& a, const Value& b) {
  // A missing field satisfies nothing, not even being different.
  if (is_missing(a) || is_missing(b)) return false;
  const int order = compare(a, b);
  if (op == "=") return order == 0;
  if (op == "!=") return order != 0;
  const bool alike = to_number(a).has_value() == to_number(b).has_value();
  if (!alike) return false;
  if (op == "<") return order < 0;
  if (op == "<=") return order <= 0;
  if (op == ">") return order > 0;
  return order >= 0;
}

bool is_like(const Value& subject, const Expression& what) {
  if (is_missing(subject)) return false;
  const std::string text = to_text(subject);
  if (what.kind == Kind::text) return text.find(what.name) != std::string::npos;
  return what.expression != nullptr && re2::RE2::PartialMatch(text, *what.expression);
}

Value arithmetic(char op, const Value& a, const Value& b) {
  const std::optional<double> left = to_number(a), right = to_number(b);
  if (!left || !right) return {};
  double result = 0;
  switch (op) {
    case '+':
      result = *left + *right;
      break;
    case '-':
      result = *left - *right;
      break;
    case '*':
      result = *left * *right;
      break;
    case '/':
      result = *left / *right;
      break;
    case '%':
      result = std::fmod(*left, *right);
      break;
    default:
      result = std::pow(*left, *right);
  }
  return std::isfinite(result) ? Value(result) : Value();
}

Value call(const Expression& expression, const Row& row, const Scope& scope) {
  if (expression.name == "bin") {
    const Expression& period = expression.children.back();
    Value at = expression.children.size() > 1 ? evaluate(expression.children[0], row, scope)
                                              : row.field("@timestamp");
    return find_function("datefloor")->call({std::move(at), evaluate(period, row, scope)}, scope);
  }
  const Function* function = find_function(expression.name);
  if (function == nullptr) return {};
  Arguments arguments;
  for (const Expression& child : expression.children) arguments.push_back(evaluate(child, row, scope));
  return function->call(arguments, scope);
}

struct Unit {
  std::string_view name;
  int64_t milliseconds;
};
constexpr int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;
constexpr std::array kUnits = {
    Unit{"ms", 1},
    Unit{"msec", 1},
    Unit{"millisecond", 1},
    Unit{"milliseconds", 1},
    Unit{"s", kSecond},
    Unit{"sec", kSecond},
    Unit{"second", kSecond},
    Unit{"seconds", kSecond},
    Unit{"secs", kSecond},
    Unit{"m", kMinute},
    Unit{"min", kMinute},
    Unit{"mins", kMinute},
    Unit{"minute", kMinute},
    Unit{"minutes", kMinute},
    Unit{"h", kHour},
    Unit{"hr", kHour},
    Unit{"hrs", kHour},
    Unit{"hour", kHour},
    Unit{"hours", kHour},
    Unit{"d", kDay},
    Unit{"day", kDay},
    Unit{"days", kDay},
    Unit{"w", 7 * kDay},
    Unit{"week", 7 * kDay},
    Unit{"weeks", 7 * kDay},
    Unit{"mo", 31 * kDay},
    Unit{"mon", 31 * kDay},
    Unit{"month", 31 * kDay},
    Unit{"months", 31 * kDay},
    Unit{"q", 92 * kDay},
    Unit{"qtr", 92 * kDay},
    Unit{"quarter", 92 * kDay},
    Unit{"quarters", 92 * kDay},
    Unit{"y", 366 * kDay},
    Unit{"yr", 366 * kDay},
    Unit{"year", 366 * kDay},
    Unit{"years", 366 * kDay},
};

}  // namespace

std::optional<int64_t> period_in(std::string_view text) {
  int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || count <= 0 || count > 1'000'000) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  for (const Unit& one : kUnits)
    if (one.name == unit) return count * one.milliseconds;
  return std::nullopt;
}

Value evaluate(const Expression& expression, const Row& row, const Scope& scope) {
  if (scope.aggregates != nullptr) {
    const auto gathered = scope.aggregates->find(&expression);
    if (gathered != scope.aggregates->end()) return gathered->second;
  }
  const auto child = [&](size_t i) { return evaluate(expression.children[i], row, scope); };
  const auto child_is_true = [&](const Expression& one) { return is_true(evaluate(one, row, scope)); };
  const auto& children = expression.children;
  switch (expression.kind) {
    case Kind::number:
      return expression.number;
    case Kind::text:
      return expression.name;
    case Kind::field:
      return row.field(expression.name);
    case Kind::all:
      return truth(std::all_of(children.begin(), children.end(), child_is_true));
    case Kind::any:
      return truth(std::any_of(children.begin(), children.end(), child_is_true));
    case Kind::negation:
      return truth(!child_is_true(children[0]));
    case Kind::comparison:
      return truth(compares(expression.name, child(0), child(1)));
    case Kind::membership: {
      const Value value = child(0);
      if (children[1].values != nullptr) return truth(children[1].values->has(value));
      const auto& items = children[1].children;
      return truth(std::any_of(items.begin(), items.end(), [&](const Expression& item) {
        return compares("=", value, evaluate(item, row, scope));
      }));
    }
    case Kind::likeness:
      return truth(is_like(child(0), children[1]));
    case Kind::arithmetic:
      return arithmetic(expression.name[0], child(0), child(1));
    case Kind::call:
      return call(expression, row, scope);
    case Kind::list:
    case Kind::expression:
    case Kind::subquery:
      break;
  }
  return {};
}

}  // namespace clew::cloudwatch_logs::insights
