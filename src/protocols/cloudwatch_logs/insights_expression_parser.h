// ExpressionParser: the grammar of expressions in Logs Insights queries.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/cloudwatch_logs/insights_query.h"
#include "protocols/cloudwatch_logs/insights_tokens.h"

namespace clew::cloudwatch_logs::insights {

// Reads the query between brackets, which begins here.
using ParseWithin = std::function<std::shared_ptr<const Query>(Tokens& in)>;

// After the first mistake nothing is left to read, so that every rule comes to its end; what they return then
// is of no account.
class ExpressionParser {
 public:
  // `in` must outlive this. Without `within` there are no queries in expressions.
  explicit ExpressionParser(Tokens& in, ParseWithin within = nullptr) : in_(in), within_(std::move(within)) {}

  // A condition, or anything else.
  Expression any(size_t depth = 0);
  // What needs no brackets: a field, a call, a literal.
  Expression operand(size_t depth = 0);
  Expression list(size_t depth = 0);
  // "a, f(b) as c".
  std::vector<NamedExpression> named_expressions();
  // Whether rows are gathered by it.
  static bool has_aggregate(const Expression& expression);

 private:
  Expression named(Expression::Kind kind, std::string name, std::vector<Expression> children,
                   size_t begin) const;
  Expression all(size_t depth);
  Expression joined(size_t depth, Expression::Kind kind, std::string_view word,
                    Expression (ExpressionParser::*part)(size_t));
  Expression negation(size_t depth);
  Expression comparison(size_t depth);
  Expression list_or_query(size_t depth);
  Expression arithmetic(size_t depth, std::string_view marks, Expression (ExpressionParser::*part)(size_t));
  Expression sum(size_t depth);
  Expression product(size_t depth);
  Expression power(size_t depth);
  Expression number(size_t begin);
  Expression field_or_call(size_t depth, size_t begin);

  Tokens& in_;
  const ParseWithin within_;
};

}  // namespace clew::cloudwatch_logs::insights
