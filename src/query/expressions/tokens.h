// The tokens of an expression.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::query::expressions {

struct Token {
  enum class Kind : uint8_t {
    name,    // of a function, true, false, null, AND, OR
    column,  // $name, $"any name": without the sign
    text,
    number,
    symbol,
    end,
  };
  Kind kind = Kind::end;
  std::string text;
  size_t position = 0;
};

// The last token is the end.
Result<std::vector<Token>> tokens_of(std::string_view text);

}  // namespace clew::query::expressions
