#include <fmt/format.h>

#include "pipeline/ottl/lexer.h"
#include "pipeline/ottl/syntax.h"

namespace clew::pipeline::ottl {
namespace {

constexpr int kDeepest = 64;

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<StatementSyntax> statement() {
    StatementSyntax result;
    const Token& first = peek();
    if (first.kind != Token::Kind::name || !tokens_[at_ + 1].is("("))
      return mistake_at(first.column, "expected a function, as in set(attributes[\"a\"], \"b\")");
    CLEW_ASSIGN(result.call, primary());
    if (result.call.kind != Syntax::Kind::call || is_upper(result.call.text[0]) || !result.call.keys.empty())
      return mistake_at(
          first.column,
          fmt::format("{} yields a value; a statement begins with an editor such as set", result.call.text));
    if (take("where")) {
      CLEW_ASSIGN(Syntax where, any_of());
      result.where = std::move(where);
    }
    CLEW_TRY(end());
    return result;
  }

  Result<Syntax> condition() {
    CLEW_ASSIGN(Syntax result, any_of());
    CLEW_TRY(end());
    return result;
  }

 private:
  const Token& peek() const { return tokens_[at_]; }
  bool take(std::string_view sign) {
    if (!peek().is(sign)) return false;
    ++at_;
    return true;
  }
  Status expect(std::string_view sign) {
    if (take(sign)) return {};
    return mistake_at(peek().column, fmt::format("expected '{}'{}", sign, got()));
  }
  Status end() {
    if (peek().kind == Token::Kind::end) return {};
    return mistake_at(peek().column, fmt::format("expected the end{}", got()));
  }
  std::string got() const {
    return peek().kind == Token::Kind::end ? ", but it ends here" : fmt::format(", got '{}'", peek().text);
  }

  Result<Syntax> any_of() {
    if (++depth_ > kDeepest) return mistake_at(peek().column, "nested too deeply");
    auto result = joined("or", Syntax::Kind::any_of, &Parser::all_of);
    --depth_;
    return result;
  }
  Result<Syntax> all_of() { return joined("and", Syntax::Kind::all_of, &Parser::negation); }

  Result<Syntax> joined(std::string_view word, Syntax::Kind kind, Result<Syntax> (Parser::*part)()) {
    CLEW_ASSIGN(Syntax first, (this->*part)());
    if (!peek().is(word)) return first;
    Syntax result{.kind = kind, .column = first.column};
    result.children.push_back(std::move(first));
    while (take(word)) {
      CLEW_ASSIGN(Syntax next, (this->*part)());
      result.children.push_back(std::move(next));
    }
    return result;
  }

  Result<Syntax> negation() {
    const size_t column = peek().column;
    bool negated = false;
    while (take("not")) negated = !negated;
    CLEW_ASSIGN(Syntax result, comparison());
    if (!negated) return result;
    Syntax outer{.kind = Syntax::Kind::negation, .column = column};
    outer.children.push_back(std::move(result));
    return outer;
  }

  Result<Syntax> comparison() {
    CLEW_ASSIGN(Syntax left, sum());
    constexpr std::pair<std::string_view, Comparison> kSigns[] = {
        {"==", Comparison::equal},  {"!=", Comparison::not_equal},
        {"<", Comparison::less},    {"<=", Comparison::less_or_equal},
        {">", Comparison::greater}, {">=", Comparison::greater_or_equal},
    };
    for (const auto& [sign, how] : kSigns) {
      if (!take(sign)) continue;
      Syntax result{.kind = Syntax::Kind::comparison, .column = left.column, .how = how};
      CLEW_ASSIGN(Syntax right, sum());
      result.children.push_back(std::move(left));
      result.children.push_back(std::move(right));
      return result;
    }
    if (peek().is("=")) return mistake_at(peek().column, "expected '==' to compare");
    return left;
  }

  Result<Syntax> sum() { return arithmetic("+", "-", &Parser::product); }
  Result<Syntax> product() { return arithmetic("*", "/", &Parser::factor); }

  Result<Syntax> arithmetic(std::string_view a, std::string_view b, Result<Syntax> (Parser::*part)()) {
    CLEW_ASSIGN(Syntax left, (this->*part)());
    for (int terms = 0; peek().is(a) || peek().is(b); ++terms) {
      // A tree that leans to the left is as deep as it has terms.
      if (terms > kDeepest) return mistake_at(peek().column, "too many terms");
      Syntax result{.kind = Syntax::Kind::arithmetic, .column = peek().column, .text = peek().text};
      ++at_;
      CLEW_ASSIGN(Syntax right, (this->*part)());
      result.children.push_back(std::move(left));
      result.children.push_back(std::move(right));
      left = std::move(result);
    }
    return left;
  }

  Result<Syntax> factor() {
    const size_t column = peek().column;
    bool negative = false;
    while (peek().is("-") || peek().is("+")) negative = tokens_[at_++].is("-") != negative;
    CLEW_ASSIGN(Syntax result, primary());
    if (!negative) return result;
    if (auto* integer = result.literal.as<int64_t>()) {
      *integer = -*integer;
      return result;
    }
    if (auto* floating = result.literal.as<double>()) {
      *floating = -*floating;
      return result;
    }
    Syntax outer{.kind = Syntax::Kind::negative, .column = column};
    outer.children.push_back(std::move(result));
    return outer;
  }

  Result<Syntax> primary() {
    const Token token = peek();
    Syntax result{.column = token.column};
    if (take("(")) {
      CLEW_ASSIGN(result, any_of());
      CLEW_TRY(expect(")"));
      return result;
    }
    if (take("[")) {
      result.kind = Syntax::Kind::list;
      CLEW_TRY(several(result, "]", false));
      return result;
    }
    if (take("{")) {
      result.kind = Syntax::Kind::map;
      CLEW_TRY(entries(result));
      return result;
    }
    if (token.kind == Token::Kind::sign || token.kind == Token::Kind::end)
      return mistake_at(token.column, fmt::format("expected a value{}", got()));
    ++at_;
    switch (token.kind) {
      case Token::Kind::text:
        result.literal = token.text;
        return result;
      case Token::Kind::integer:
        result.literal = token.integer;
        return result;
      case Token::Kind::floating:
        result.literal = token.floating;
        return result;
      case Token::Kind::bytes:
        result.literal = Value::Bytes{token.text};
        return result;
      default:
        break;
    }
    if (token.text == "true" || token.text == "false") {
      result.literal = token.text == "true";
      return result;
    }
    if (token.text == "nil") return result;
    for (const std::string_view word : {"and", "or", "not", "where"})
      if (token.text == word)
        return mistake_at(token.column, fmt::format("expected a value, got '{}'", word));
    if (take("(")) {
      result.kind = Syntax::Kind::call;
      result.text = token.text;
      CLEW_TRY(several(result, ")", true));
      CLEW_TRY(keys(result));
      return result;
    }
    if (is_upper(token.text[0])) {
      result.kind = Syntax::Kind::constant;
      result.text = token.text;
      return result;
    }
    result.kind = Syntax::Kind::path;
    result.words.push_back(token.text);
    while (take(".")) {
      if (peek().kind != Token::Kind::name)
        return mistake_at(peek().column, fmt::format("expected a name after '.'{}", got()));
      result.words.push_back(tokens_[at_++].text);
    }
    CLEW_TRY(keys(result));
    return result;
  }

  // Values up to `close`; of a call some may be named.
  Status several(Syntax& result, std::string_view close, bool may_be_named) {
    if (take(close)) return {};
    do {
      std::string name;
      if (may_be_named && peek().kind == Token::Kind::name && tokens_[at_ + 1].is("=")) {
        name = peek().text;
        at_ += 2;
      }
      CLEW_ASSIGN(Syntax item, any_of());
      result.children.push_back(std::move(item));
      result.names.push_back(std::move(name));
    } while (take(","));
    return expect(close);
  }

  Status entries(Syntax& result) {
    if (take("}")) return {};
    do {
      if (peek().kind != Token::Kind::text)
        return mistake_at(peek().column, fmt::format("expected a key in quotes{}", got()));
      result.names.push_back(tokens_[at_++].text);
      CLEW_TRY(expect(":"));
      CLEW_ASSIGN(Syntax item, any_of());
      result.children.push_back(std::move(item));
    } while (take(","));
    return expect("}");
  }

  Status keys(Syntax& result) {
    while (take("[")) {
      CLEW_ASSIGN(Syntax key, any_of());
      result.keys.push_back(std::move(key));
      CLEW_TRY(expect("]"));
    }
    if (peek().is("."))
      return mistake_at(peek().column, "nothing may follow a key but another one, as in [\"a\"][\"b\"]");
    return {};
  }

  const std::vector<Token> tokens_;
  size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<StatementSyntax> parse_statement(std::string_view text) {
  CLEW_ASSIGN(std::vector<Token> tokens, tokenize(text));
  return Parser(std::move(tokens)).statement();
}

Result<Syntax> parse_condition(std::string_view text) {
  CLEW_ASSIGN(std::vector<Token> tokens, tokenize(text));
  return Parser(std::move(tokens)).condition();
}

}  // namespace clew::pipeline::ottl
