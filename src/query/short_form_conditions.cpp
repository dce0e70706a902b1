#include "query/short_form_conditions.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace clew::query {
namespace {

constexpr size_t kMostDepth = 60;

std::string upper_of(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper;
}

// A bare word as a value: a number or a boolean if it reads as one, else a string.
Value value_of_word(const std::string& word) {
  if (auto integer = number_from<int64_t>(word)) return *integer;
  bool may_be_real = word.find_first_of("0123456789") != std::string::npos;
  if (auto real = number_from<double>(word); real && may_be_real) return *real;
  std::string upper = upper_of(word);
  if (upper == "TRUE") return true;
  if (upper == "FALSE") return false;
  return word;
}

struct ScopeName {
  std::string_view prefix;
  store::Scope scope;
};
constexpr ScopeName kScopes[] = {{"attribute::", store::Scope::attribute},
                                 {"intrinsic::", store::Scope::intrinsic},
                                 {"instrumentation::", store::Scope::instrumentation},
                                 {"resource::", store::Scope::resource}};

// The hex digits of a trace or span id may read as a number by chance: 0000000000000001, 12345678901234e5.
bool reads_as_id(const ColumnName& column, std::string_view word) {
  return column.name.ends_with("_id") && (word.size() == 16 || word.size() == 32);
}

}  // namespace

bool ConditionParser::is(const Token& token, std::string_view keyword) {
  bool may_be_keyword = token.kind == Token::Kind::word || token.kind == Token::Kind::symbol;
  return may_be_keyword && upper_of(token.text) == keyword;
}

Status ConditionParser::expect(std::string_view keyword) {
  return take(keyword) ? Status() : error(fmt::format("expected {}", keyword));
}

bool ConditionParser::take(std::string_view keyword) {
  if (!is(peek(), keyword)) return false;
  ++at_;
  return true;
}

bool ConditionParser::starts_clause(const Token& token) {
  constexpr std::string_view kClauses[] = {"WHERE",      "GROUP",  "HAVING", "ORDER", "LIMIT",
                                           "FROM",       "SINCE",  "UNTIL",  "EVERY", "WITH",
                                           "UNWEIGHTED", "DEFINE", "COMPARE"};
  return std::any_of(std::begin(kClauses), std::end(kClauses),
                     [&](std::string_view clause) { return is(token, clause); });
}

Result<ColumnName> ConditionParser::parse_column() {
  const Token& token = peek();
  if (token.kind == Token::Kind::word) {
    ++at_;
    std::string_view name = token.text;
    // A name in backquotes after its relation: root.`any name`.
    if (const ColumnName related = column_with_relation(std::string(name) + "x");
        related.relation != Relation::own && related.name == "x" && peek().kind == Token::Kind::name) {
      CLEW_ASSIGN(ColumnName rest, parse_column());
      return ColumnName{rest.name, {}, related.relation};
    }
    for (const ScopeName& scope : kScopes) {
      if (!name.starts_with(scope.prefix)) continue;
      name.remove_prefix(scope.prefix.size());
      if (!name.empty()) return ColumnName{std::string(name), scope.scope};
      CLEW_ASSIGN(ColumnName rest, parse_column());
      return ColumnName{rest.name, scope.scope};
    }
    return column_with_relation(token.text);
  }
  if (token.kind == Token::Kind::name && !token.text.empty()) {
    ++at_;
    return ColumnName{token.text, {}};
  }
  return error("expected the name of a column");
}

Result<Filter> ConditionParser::parse_any(size_t depth) {
  if (depth > kMostDepth) return error("nested too deeply");
  std::vector<Filter> children;
  do {
    CLEW_ASSIGN(Filter child, parse_all(depth));
    children.push_back(std::move(child));
  } while (take("OR"));
  return children.size() == 1 ? std::move(children[0]) : any_of(std::move(children));
}

Result<Filter> ConditionParser::parse_all(size_t depth) {
  std::vector<Filter> children;
  do {
    CLEW_ASSIGN(Filter child, parse_one(depth));
    children.push_back(std::move(child));
  } while (take("AND"));
  return children.size() == 1 ? std::move(children[0]) : all_of(std::move(children));
}

Result<Filter> ConditionParser::parse_one(size_t depth) {
  if (depth > kMostDepth) return error("nested too deeply");
  if (take("NOT")) {
    CLEW_ASSIGN(Filter inner, parse_one(depth + 1));
    if (inner.kind == Filter::Kind::any) return none_of(std::move(inner.children));
    std::vector<Filter> children;
    children.push_back(std::move(inner));
    return none_of(std::move(children));
  }
  if (take("(")) {
    CLEW_ASSIGN(Filter inner, parse_any(depth + 1));
    CLEW_TRY(expect(")"));
    return inner;
  }
  bool stands_alone = peek(1).kind == Token::Kind::end || is(peek(1), ")") || is(peek(1), "AND") ||
                      is(peek(1), "OR") || starts_clause(peek(1));
  if (stands_alone && take("TRUE")) return all_of({});
  if (stands_alone && take("FALSE")) return any_of({});
  return parse_comparison();
}

Result<Filter> ConditionParser::parse_comparison() {
  CLEW_ASSIGN(ColumnName column, parse_column());
  CLEW_ASSIGN(Operator op, parse_operator());
  std::vector<Value> values;
  switch (info_of(op).operands) {
    case Operands::none:
      break;
    case Operands::one: {
      CLEW_ASSIGN(Value value, parse_value(column));
      values.push_back(std::move(value));
      break;
    }
    case Operands::many:
      CLEW_TRY(expect("("));
      do {
        CLEW_ASSIGN(Value value, parse_value(column));
        values.push_back(std::move(value));
      } while (take(","));
      CLEW_TRY(expect(")"));
  }
  return comparison(std::move(column), op, std::move(values));
}

Result<Operator> ConditionParser::parse_operator() {
  if (take("=~")) return Operator::matches;
  if (take("!~")) return Operator::does_not_match;
  if (is(peek(), "NOT") && is(peek(1), "IN")) {
    at_ += 2;
    return Operator::not_in;
  }
  for (const OperatorInfo& info : all_operators()) {
    if (take(upper_of(info.name))) return info.op;
  }
  std::string known;
  for (const OperatorInfo& info : all_operators())
    known += (known.empty() ? "" : " ") + std::string(info.name);
  return error(fmt::format("expected an operator, one of {}", known));
}

Result<Value> ConditionParser::parse_value(const ColumnName& column) {
  const Token& token = peek();
  if (token.kind == Token::Kind::text) {
    ++at_;
    return Value(token.text);
  }
  if (token.kind != Token::Kind::word) return error("expected a value");
  if (token.text.starts_with('@')) {
    Result<UnixNanos> at = parse_time(std::string_view(token.text).substr(1), reference_);
    if (!at.ok()) return error(at.status().message());
    ++at_;
    return Value(*at);
  }
  ++at_;
  return reads_as_id(column, token.text) ? Value(token.text) : value_of_word(token.text);
}

}  // namespace clew::query
