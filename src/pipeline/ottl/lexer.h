// The words of a statement of OTTL.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::pipeline::ottl {

struct Token {
  enum class Kind : uint8_t { end, text, integer, floating, bytes, name, sign };

  Kind kind = Kind::end;
  size_t column = 0;  // counted from 1
  std::string text;   // of a text or bytes its content, else as written
  int64_t integer = 0;
  double floating = 0;

  bool is(std::string_view sign_or_name) const {
    return (kind == Kind::sign || kind == Kind::name) && text == sign_or_name;
  }
};

// Ends with a token of kind `end`. bad_input: "column 12: …".
Result<std::vector<Token>> tokenize(std::string_view statement);

// A failure at a column of a statement.
Status mistake_at(size_t column, std::string_view about);

}  // namespace clew::pipeline::ottl
