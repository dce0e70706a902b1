// Expression: what a calculated field computes from the other columns of a row, in the language of
// Honeycomb's derived columns: IF(GTE($duration_ms, 500), "slow", "fast"), $a + 2 * $b.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/expressions/functions.h"
#include "query/value.h"

namespace clew::query {

struct Expression {
  enum class Kind : uint8_t { literal, column, call };
  Kind kind = Kind::literal;
  Value literal;
  std::string column;
  Function function = Function::if_;
  std::vector<Expression> arguments;
  size_t position = 0;  // in the text
};

constexpr size_t kLongestExpression = 64 * 1024;

// Errors (bad_input) quote the line and point at the character.
Result<Expression> parse_expression(std::string_view text);

}  // namespace clew::query
