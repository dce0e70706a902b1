// Percent encoding, and the query strings built with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace clew::net {

// Nothing when a '%' is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text);
// Everything but letters, digits and "-._~" is encoded.
std::string percent_encode(std::string_view text);

// The decoded value of the first parameter `name` in "a=1&b=two+words"; '+' is a space, a damaged '%' stands
// for itself.
std::optional<std::string> query_parameter(std::string_view query, std::string_view name);

}  // namespace clew::net
