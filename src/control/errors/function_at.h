// In which function of a JavaScript or TypeScript source a place lies, told from its brackets: no parser, and
// right wherever sources look as people write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace clew::control::errors {

// "pay", "Cart.pay", "checkout.<anonymous>" for a function without a name within one. Empty outside of
// functions, and when the source has no such place. Lines and columns are counted from 1.
std::string function_at(std::string_view source, int64_t line, int64_t column);

}  // namespace clew::control::errors
