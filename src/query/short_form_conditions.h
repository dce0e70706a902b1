// The part of the short form below its clauses: names of columns, values, and the conditions of WHERE and
// FILTER.
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/plan.h"
#include "query/short_form_tokens.h"

namespace clew::query {

// The whole of `text` as a number.
template <typename Number>
std::optional<Number> number_from(std::string_view text) {
  Number number{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

class ConditionParser {
 public:
  // Times relative to now are relative to `reference`.
  ConditionParser(std::string_view text, std::vector<Token> tokens, UnixNanos reference)
      : text_(text), tokens_(std::move(tokens)), reference_(reference) {}

 protected:
  // The token at hand, or one after it; behind the last is the end.
  const Token& peek(size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  // Keywords are written in upper case here and in any case by people.
  static bool is(const Token& token, std::string_view keyword);
  static bool starts_clause(const Token& token);
  bool take(std::string_view keyword);
  Status expect(std::string_view keyword);
  // bad_input, pointing at the token at hand.
  Status error(std::string_view message) const { return short_form_error(text_, peek().position, message); }

  Result<ColumnName> parse_column();
  Result<Operator> parse_operator();
  // A condition up to what cannot belong to it. `depth` counts what is open around it.
  Result<Filter> parse_any(size_t depth);

  std::string_view text_;
  std::vector<Token> tokens_;
  UnixNanos reference_;
  size_t at_ = 0;

 private:
  Result<Filter> parse_all(size_t depth);
  Result<Filter> parse_one(size_t depth);
  Result<Filter> parse_comparison();
  Result<Value> parse_value(const ColumnName& column);
};

}  // namespace clew::query
