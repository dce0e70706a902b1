// Base64 as JSON and HTTP headers carry bytes (RFC 4648).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace clew {

// Standard alphabet, with padding.
std::string base64_encode(std::string_view bytes);
// Standard and URL-safe alphabet, with or without padding; nothing if any other character is in it.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace clew
