// The tokens of the short form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::query {

struct Token {
  enum class Kind : uint8_t {
    word,    // a name, a keyword, a number, a bare value
    name,    // `in backquotes`
    text,    // "in quotes" or 'in quotes'
    symbol,  // ( ) , and operators
    end,
  };
  Kind kind = Kind::end;
  std::string text;  // without quotes
  size_t position = 0;
};

// The last token is the end.
Result<std::vector<Token>> tokens_of(std::string_view text);

// bad_input: the message, then the line with a mark under the character.
Status short_form_error(std::string_view text, size_t position, std::string_view message);

}  // namespace clew::query
