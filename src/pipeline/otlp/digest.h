// Hashes of attribute values, as lower-case hexadecimal text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace clew::pipeline {

enum class DigestKind : uint8_t { md5, sha1, sha256, sha512, sha3_256 };

std::string hex_digest(DigestKind kind, std::string_view bytes);

}  // namespace clew::pipeline
