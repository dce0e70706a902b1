// Whether two short strings are equal, without a call: names and values of attributes are compared with the
// last ones a dozen times a row, and are seldom longer than 32 bytes.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace clew {

template <typename Word>
inline Word word_at(const char* bytes) {
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// Of at least one and at most two words: the two may overlap.
template <typename Word>
inline bool same_words(const char* a, const char* b, size_t size) {
  const size_t last = size - sizeof(Word);
  return ((word_at<Word>(a) ^ word_at<Word>(b)) | (word_at<Word>(a + last) ^ word_at<Word>(b + last))) == 0;
}

inline bool same_bytes(std::string_view a, std::string_view b) {
  const size_t size = a.size();
  if (size != b.size()) return false;
  if (size > 32) return std::memcmp(a.data(), b.data(), size) == 0;
  if (size > 16)
    return same_words<uint64_t>(a.data(), b.data(), 16) &&
           same_words<uint64_t>(a.data() + size - 16, b.data() + size - 16, 16);
  if (size >= 8) return same_words<uint64_t>(a.data(), b.data(), size);
  if (size >= 4) return same_words<uint32_t>(a.data(), b.data(), size);
  if (size >= 2) return same_words<uint16_t>(a.data(), b.data(), size);
  return size == 0 || a[0] == b[0];
}

}  // namespace clew
