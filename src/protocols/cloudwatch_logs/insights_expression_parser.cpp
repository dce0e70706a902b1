#include "protocols/cloudwatch_logs/insights_expression_parser.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>
#include <re2/re2.h>

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kDeepest = 64;

using Kind = Expression::Kind;

}  // namespace

Expression ExpressionParser::named(Kind kind, std::string name, std::vector<Expression> children,
                                   size_t begin) const {
  Expression expression{.kind = kind, .name = std::move(name), .number = 0, .children = std::move(children)};
  std::string_view written = in_.since(begin);
  while (!written.empty() && std::isspace(static_cast<unsigned char>(written.back())) != 0)
    written.remove_suffix(1);
  expression.written = written;
  return expression;
}

Expression ExpressionParser::any(size_t depth) {
  return joined(depth, Kind::any, "or", &ExpressionParser::all);
}

Expression ExpressionParser::all(size_t depth) {
  return joined(depth, Kind::all, "and", &ExpressionParser::negation);
}

Expression ExpressionParser::joined(size_t depth, Kind kind, std::string_view word,
                                    Expression (ExpressionParser::*part)(size_t)) {
  in_.skip();
  const size_t begin = in_.place();
  std::vector<Expression> children;
  children.push_back((this->*part)(depth));
  while (in_.take_word(word)) children.push_back((this->*part)(depth));
  if (children.size() == 1) return std::move(children[0]);
  return named(kind, std::string(word), std::move(children), begin);
}

Expression ExpressionParser::negation(size_t depth) {
  if (depth > kDeepest) in_.fail("nested too deeply");
  in_.skip();
  const size_t begin = in_.place();
  if (!in_.take_word("not")) return comparison(depth);
  std::vector<Expression> inner;
  inner.push_back(negation(depth + 1));
  return named(Kind::negation, "not", std::move(inner), begin);
}

Expression ExpressionParser::comparison(size_t depth) {
  in_.skip();
  const size_t begin = in_.place();
  Expression left = sum(depth);
  const size_t before = in_.place();
  const bool negated = in_.take_word("not");
  Expression result;
  if (in_.take_word("in")) {
    std::vector<Expression> both;
    both.push_back(std::move(left));
    both.push_back(list_or_query(depth));
    result = named(Kind::membership, "in", std::move(both), begin);
  } else if (in_.take_word("like") || (!negated && in_.take("=~"))) {
    std::vector<Expression> both;
    both.push_back(std::move(left));
    in_.skip();
    both.push_back(operand(depth));
    if (both[1].kind != Kind::text && both[1].kind != Kind::expression)
      in_.fail("like takes a text or a regular expression", before, in_.place());
    result = named(Kind::likeness, "like", std::move(both), begin);
  } else if (negated) {
    in_.go_back(before);
    return left;
  } else {
    static constexpr std::array<std::string_view, 7> kSigns = {"!=", "<=", ">=", "==", "=", "<", ">"};
    const auto sign =
        std::find_if(kSigns.begin(), kSigns.end(), [&](std::string_view one) { return in_.take(one); });
    if (sign == kSigns.end()) return left;
    std::vector<Expression> both;
    both.push_back(std::move(left));
    both.push_back(sum(depth));
    return named(Kind::comparison, std::string(*sign == "==" ? "=" : *sign), std::move(both), begin);
  }
  if (!negated) return result;
  std::vector<Expression> inner;
  inner.push_back(std::move(result));
  return named(Kind::negation, "not", std::move(inner), begin);
}

// ["a", "b"], or (SOURCE 'group' | fields a).
Expression ExpressionParser::list_or_query(size_t depth) {
  in_.skip();
  const size_t begin = in_.place();
  if (in_.peek() != '(') return list(depth);
  if (within_ == nullptr) {
    in_.fail("a query within a query stands behind in, in a filter that is not within one itself");
    return {};
  }
  std::shared_ptr<const Query> query = within_(in_);
  Expression result = named(Kind::subquery, "", {}, begin);
  result.query = std::move(query);
  return result;
}

Expression ExpressionParser::list(size_t depth) {
  in_.skip();
  const size_t begin = in_.place();
  in_.expect("[");
  std::vector<Expression> items;
  if (!in_.take("]")) {
    do items.push_back(sum(depth + 1));
    while (in_.take(","));
    in_.expect("]");
  }
  return named(Kind::list, "", std::move(items), begin);
}

Expression ExpressionParser::arithmetic(size_t depth, std::string_view marks,
                                        Expression (ExpressionParser::*part)(size_t)) {
  in_.skip();
  const size_t begin = in_.place();
  Expression left = (this->*part)(depth);
  while (in_.skip(), !in_.at_end() && marks.find(in_.peek()) != std::string_view::npos) {
    const std::string mark(1, in_.next());
    std::vector<Expression> both;
    both.push_back(std::move(left));
    both.push_back((this->*part)(depth));
    left = named(Kind::arithmetic, mark, std::move(both), begin);
  }
  return left;
}

Expression ExpressionParser::sum(size_t depth) {
  return arithmetic(depth, "+-", &ExpressionParser::product);
}

Expression ExpressionParser::product(size_t depth) {
  return arithmetic(depth, "*/%", &ExpressionParser::power);
}

Expression ExpressionParser::power(size_t depth) {
  return arithmetic(depth, "^", &ExpressionParser::operand);
}

Expression ExpressionParser::operand(size_t depth) {
  if (depth > kDeepest) in_.fail("nested too deeply");
  in_.skip();
  const size_t begin = in_.place();
  if (in_.at_end()) {
    in_.fail("expected a value");
    return {};
  }
  const char c = in_.peek();
  if (c == '(') {
    in_.next();
    Expression inner = any(depth + 1);
    in_.expect(")");
    inner.written = in_.since(begin);
    return inner;
  }
  if (c == '"' || c == '\'') {
    std::string text = in_.quoted();
    return named(Kind::text, std::move(text), {}, begin);
  }
  if (c == '/') {
    auto expression = in_.regular_expression();
    Expression result = named(Kind::expression, "", {}, begin);
    result.expression = std::move(expression);
    return result;
  }
  if (c == '[') return list(depth + 1);
  if (c == '-') {
    in_.next();
    std::vector<Expression> both;
    both.push_back({.kind = Kind::number, .name = {}, .number = 0});
    both.push_back(operand(depth + 1));
    return named(Kind::arithmetic, "-", std::move(both), begin);
  }
  if (std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.') return number(begin);
  if (c == '*') {
    in_.next();
    return named(Kind::field, "*", {}, begin);
  }
  return field_or_call(depth, begin);
}

Expression ExpressionParser::number(size_t begin) {
  const std::optional<double> value = in_.number<double>();
  if (!value) {
    in_.fail("expected a number");
    return {};
  }
  // A period: 5m, 30s.
  const std::string_view unit = in_.word();
  Expression result =
      named(unit.empty() ? Kind::number : Kind::text, std::string(in_.since(begin)), {}, begin);
  result.number = *value;
  return result;
}

Expression ExpressionParser::field_or_call(size_t depth, size_t begin) {
  const bool in_backticks = in_.peek() == '`';
  std::string word = in_.name();
  const size_t end = in_.place();
  if (in_backticks || !in_.take("(")) {
    in_.go_back(end);
    const bool is_truth = !in_backticks && (word == "true" || word == "false");
    return named(is_truth ? Kind::text : Kind::field, std::move(word), {}, begin);
  }
  const std::string function = lower_case(word);
  const std::optional<Arity> arity = arity_of(function);
  if (!arity) {
    in_.fail(fmt::format("there is no function {}", word), begin, end);
    return {};
  }
  std::vector<Expression> arguments;
  if (!in_.take(")")) {
    // "distinct" in count(distinct x), as SQL has it, is not of this language.
    do arguments.push_back(any(depth + 1));
    while (in_.take(","));
    in_.expect(")");
  }
  if (arguments.size() < arity->least || arguments.size() > arity->most)
    in_.fail(fmt::format("{} takes {} arguments, got {}", word,
                         arity->least == arity->most ? std::to_string(arity->least)
                                                     : fmt::format("at least {}", arity->least),
                         arguments.size()),
             begin, in_.place());
  return named(Kind::call, function, std::move(arguments), begin);
}

std::vector<NamedExpression> ExpressionParser::named_expressions() {
  std::vector<NamedExpression> all_of_them;
  do {
    NamedExpression one{any(0), {}};
    one.name = in_.take_word("as")                  ? in_.name()
               : one.expression.kind == Kind::field ? one.expression.name
                                                    : one.expression.written;
    all_of_them.push_back(std::move(one));
  } while (in_.take(","));
  return all_of_them;
}

bool ExpressionParser::has_aggregate(const Expression& expression) {
  if (expression.kind == Kind::call && is_aggregate(expression.name)) return true;
  return std::any_of(expression.children.begin(), expression.children.end(), has_aggregate);
}

}  // namespace clew::cloudwatch_logs::insights
