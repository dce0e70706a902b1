// Bytes as hexadecimal digits, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace clew {

// Lower-case digits, two for each byte.
std::string hex_of(std::string_view bytes);

// 0 to 15; -1 when it is no hexadecimal digit.
int hex_digit(char digit);

// Nothing when the digits are odd in number, or one of them is none. Either case.
std::optional<std::string> bytes_of_hex(std::string_view digits);

}  // namespace clew
