// Whether text is what it says it is.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace clew {

// The slow half of is_utf8, for text that is not all ASCII.
bool is_utf8_beyond_ascii(std::string_view text);

inline bool is_utf8(std::string_view text) {
  uint64_t high_bits = 0;
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof word);
    high_bits |= word;
  }
  for (; at < text.size(); ++at) high_bits |= static_cast<unsigned char>(text[at]);
  return (high_bits & 0x8080808080808080) == 0 || is_utf8_beyond_ascii(text);
}

}  // namespace clew
