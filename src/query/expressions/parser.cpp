#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/nearest.h"
#include "query/expressions/expression.h"
#include "query/expressions/tokens.h"
#include "query/short_form_tokens.h"

namespace clew::query {
namespace {

using expressions::Token;

constexpr size_t kMostDepth = 100;

struct Infix {
  std::string_view symbol;
  Function function;
  int binding;  // the higher, the tighter
};
constexpr Infix kInfix[] = {
    {"*", Function::multiply, 6},
    {"/", Function::divide, 6},
    {"%", Function::modulo, 6},
    {"-", Function::subtract, 5},
    {"+", Function::sum, 5},
    {"<", Function::less, 4},
    {"<=", Function::less_or_equal, 4},
    {">", Function::greater, 4},
    {">=", Function::greater_or_equal, 4},
    {"=", Function::equals, 3},
    {"!=", Function::not_equals, 3},
    {"AND", Function::and_, 2},
    {"OR", Function::or_, 1},
};

class Parser {
 public:
  Parser(std::string_view text, std::vector<Token> tokens) : text_(text), tokens_(std::move(tokens)) {}

  Result<Expression> run() {
    CLEW_ASSIGN(Expression expression, parse(0, 0));
    if (peek().kind != Token::Kind::end) return mistake(peek().position, "expected an operator or the end");
    return expression;
  }

 private:
  const Token& peek() const { return tokens_[at_]; }
  bool take(std::string_view symbol) {
    if (peek().kind != Token::Kind::symbol || peek().text != symbol) return false;
    ++at_;
    return true;
  }
  Status mistake(size_t position, std::string_view message) const {
    return short_form_error(text_, position, message);
  }

  static Expression call(Function function, size_t position, std::vector<Expression> arguments) {
    Expression expression;
    expression.kind = Expression::Kind::call;
    expression.function = function;
    expression.arguments = std::move(arguments);
    expression.position = position;
    return expression;
  }

  const Infix* infix() const {
    if (peek().kind != Token::Kind::symbol && peek().kind != Token::Kind::name) return nullptr;
    const auto* found = std::find_if(std::begin(kInfix), std::end(kInfix),
                                     [&](const Infix& one) { return one.symbol == peek().text; });
    return found == std::end(kInfix) ? nullptr : found;
  }

  // Operators that bind tighter than `binding`.
  Result<Expression> parse(int binding, size_t depth) {
    CLEW_ASSIGN(Expression left, operand(depth));
    for (const Infix* next = infix(); next != nullptr && next->binding > binding; next = infix()) {
      // A chain of a thousand plus signs is a tree as deep.
      if (++chained_ > kMostDepth * 10) return mistake(peek().position, "too many operators");
      const size_t position = tokens_[at_++].position;
      CLEW_ASSIGN(Expression right, parse(next->binding, depth + 1));
      std::vector<Expression> both;
      both.push_back(std::move(left));
      both.push_back(std::move(right));
      left = call(next->function, position, std::move(both));
    }
    return left;
  }

  Result<Expression> operand(size_t depth) {
    if (depth > kMostDepth) return mistake(peek().position, "nested too deeply");
    const Token token = peek();
    if (take("(")) {
      CLEW_ASSIGN(Expression inner, parse(0, depth + 1));
      if (!take(")")) return mistake(peek().position, "expected )");
      return inner;
    }
    if (take("!")) {
      CLEW_ASSIGN(Expression inner, operand(depth + 1));
      std::vector<Expression> one;
      one.push_back(std::move(inner));
      return call(Function::not_, token.position, std::move(one));
    }
    if (take("-")) {
      CLEW_ASSIGN(Expression inner, operand(depth + 1));
      std::vector<Expression> both(1);
      both[0].literal = int64_t{0};
      both.push_back(std::move(inner));
      return call(Function::subtract, token.position, std::move(both));
    }
    Expression expression;
    expression.position = token.position;
    switch (token.kind) {
      case Token::Kind::text:
        expression.literal = token.text;
        break;
      case Token::Kind::number: {
        CLEW_ASSIGN(expression.literal, number_of(token));
        break;
      }
      case Token::Kind::column:
        expression.kind = Expression::Kind::column;
        expression.column = token.text;
        break;
      case Token::Kind::name:
        if (token.text == "true" || token.text == "false") {
          expression.literal = token.text == "true";
        } else if (token.text != "null") {
          return function_call(depth);
        }
        break;
      default:
        return mistake(token.position, "expected a value, a $column or a function");
    }
    ++at_;
    return expression;
  }

  Result<Value> number_of(const Token& token) const {
    const char *begin = token.text.data(), *end = begin + token.text.size();
    int64_t integer = 0;
    if (auto [at, error] = std::from_chars(begin, end, integer); error == std::errc() && at == end)
      return Value(integer);
    double real = 0;
    if (auto [at, error] = std::from_chars(begin, end, real); error == std::errc() && at == end)
      return Value(real);
    return mistake(token.position, "this number is out of range");
  }

  Result<Expression> function_call(size_t depth) {
    const Token name = tokens_[at_++];
    if (!take("(")) return mistake(name.position, unknown_word(name.text));
    const FunctionInfo* info = find_function(name.text);
    if (info == nullptr) return mistake(name.position, unknown_function(name.text));
    Expression expression = call(info->function, name.position, {});
    while (!take(")")) {
      if (!expression.arguments.empty()) {
        if (!take(",")) return mistake(peek().position, "expected , or )");
        if (take(")")) break;  // a comma after the last one
      }
      if (expression.arguments.size() == kAnyNumber)
        return mistake(peek().position, fmt::format("a function takes at most {} arguments", kAnyNumber));
      CLEW_ASSIGN(Expression argument, parse(0, depth + 1));
      expression.arguments.push_back(std::move(argument));
    }
    CLEW_TRY(check(*info, expression));
    return expression;
  }

  static std::string unknown_word(const std::string& word) {
    if (find_function(word) != nullptr) return fmt::format("{} is a function: expected ( after it", word);
    return fmt::format("{} is not understood: a column is written ${}, a text \"{}\"", word, word, word);
  }

  static std::string unknown_function(const std::string& name) {
    if (const std::string_view reason = why_not_offered(name); !reason.empty())
      return fmt::format("{} {}", name, reason);
    std::string upper;
    for (const char c : name) upper += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    std::vector<std::string_view> known;
    for (const FunctionInfo& info : all_functions()) known.push_back(info.name);
    return fmt::format("there is no function {}: did you mean {}?", name, nearest(upper, known));
  }

  Status check(const FunctionInfo& info, const Expression& expression) const {
    const size_t count = expression.arguments.size();
    if (count < info.least || count > info.most) {
      const std::string wanted = info.least == info.most   ? fmt::format("{}", info.least)
                                 : info.most == kAnyNumber ? fmt::format("at least {}", info.least)
                                                           : fmt::format("{} to {}", info.least, info.most);
      return mistake(expression.position, fmt::format("{} takes {} argument{}, got {}", info.name, wanted,
                                                      info.most == 1 ? "" : "s", count));
    }
    if (info.function == Function::bucket) CLEW_TRY(check_bucket(expression));
    if (info.function == Function::switch_) CLEW_TRY(check_switch(expression));
    if (!info.literal_argument || *info.literal_argument >= count) return {};
    const Expression& restricted = expression.arguments[*info.literal_argument];
    const auto* text = std::get_if<std::string>(&restricted.literal);
    if (restricted.kind != Expression::Kind::literal || text == nullptr)
      return mistake(restricted.position,
                     fmt::format("{} needs {} here, in quotes", info.name,
                                 info.literally == Literally::pattern ? "a regular expression" : "a text"));
    if (info.function == Function::length && *text != "bytes" && *text != "chars")
      return mistake(restricted.position, "LENGTH counts \"bytes\" or \"chars\"");
    if (info.literally == Literally::pattern) return check_pattern(restricted, *text);
    return {};
  }

  Status check_bucket(const Expression& expression) const {
    if (expression.arguments.size() == 3)
      return mistake(expression.position, "BUCKET takes a size, or a size, a minimum and a maximum");
    for (size_t i = 1; i < expression.arguments.size(); ++i) {
      const Expression& bound = expression.arguments[i];
      const auto number = number_in(bound.literal);
      if (bound.kind != Expression::Kind::literal || !number)
        return mistake(bound.position, "BUCKET needs a number here");
      if (i == 1 && !(*number > 0)) return mistake(bound.position, "the size of a bucket must be above 0");
    }
    return {};
  }

  Status check_switch(const Expression& expression) const {
    for (size_t i = 1; i + 1 < expression.arguments.size(); i += 2) {
      const Expression& compared = expression.arguments[i];
      if (compared.kind != Expression::Kind::literal ||
          !std::holds_alternative<std::string>(compared.literal))
        return mistake(compared.position, "SWITCH needs a text here, in quotes");
    }
    return {};
  }

  Status check_pattern(const Expression& argument, const std::string& text) const {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    const re2::RE2 pattern(text, options);
    if (pattern.ok()) return {};
    return mistake(argument.position, fmt::format("this is no regular expression: {}", pattern.error()));
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  size_t chained_ = 0;
};

}  // namespace

Result<Expression> parse_expression(std::string_view text) {
  if (text.size() > kLongestExpression)
    return Status(ErrorKind::bad_input, fmt::format("an expression is at most {} bytes long, got {}",
                                                    kLongestExpression, text.size()));
  CLEW_ASSIGN(std::vector<expressions::Token> tokens, expressions::tokens_of(text));
  return Parser(text, std::move(tokens)).run();
}

}  // namespace clew::query
