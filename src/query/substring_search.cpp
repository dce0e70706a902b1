#include "query/substring_search.h"

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace clew::query {

// Looks at 32 positions at once: those whose first and last byte fit are compared in full. Statements and
// messages share their beginnings, so the last byte tells more than the second.
const char* find_in(const char* begin, const char* end, std::string_view part) {
  size_t length = part.size();
  if (length == 0) return begin;
  if (static_cast<size_t>(end - begin) < length) return end;
#ifdef __AVX2__
  const __m256i first = _mm256_set1_epi8(part[0]);
  const __m256i last = _mm256_set1_epi8(part[length - 1]);
  while (static_cast<size_t>(end - begin) >= length + 31) {
    __m256i starts = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(begin));
    __m256i ends = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(begin + length - 1));
    __m256i both = _mm256_and_si256(_mm256_cmpeq_epi8(starts, first), _mm256_cmpeq_epi8(ends, last));
    for (auto hits = static_cast<uint32_t>(_mm256_movemask_epi8(both)); hits != 0; hits &= hits - 1) {
      const char* at = begin + std::countr_zero(hits);
      if (std::memcmp(at, part.data(), length) == 0) return at;
    }
    begin += 32;
  }
#endif
  const void* at = memmem(begin, static_cast<size_t>(end - begin), part.data(), length);
  return at ? static_cast<const char*>(at) : end;
}

namespace {

// The end of the strings from `first` on that lie in memory one directly after the other.
size_t end_of_run(std::span<const std::string_view> strings, size_t first) {
  size_t i = first + 1;
  while (i < strings.size() && strings[i].data() == strings[i - 1].data() + strings[i - 1].size()) ++i;
  return i;
}

void find_in_run(std::span<const std::string_view> run, std::string_view part, std::span<uint8_t> found) {
  const char* at = run.front().data();
  const char* end = run.back().data() + run.back().size();
  size_t i = 0;
  while ((at = find_in(at, end, part)) != end) {
    auto begins_after = [](const char* position, std::string_view text) { return position < text.data(); };
    auto next = std::upper_bound(run.begin() + static_cast<ptrdiff_t>(i), run.end(), at, begins_after);
    i = static_cast<size_t>(next - run.begin()) - 1;
    const char* string_end = run[i].data() + run[i].size();
    // A hit that reaches into the next string is none.
    if (at + part.size() <= string_end) {
      found[i] = 1;
      at = string_end;
    } else {
      ++at;
    }
    if (at == end) break;
  }
}

}  // namespace

void find_substring(std::span<const std::string_view> strings, std::string_view part,
                    std::span<uint8_t> found) {
  std::fill(found.begin(), found.end(), part.empty() ? 1 : 0);
  if (part.empty()) return;
  for (size_t first = 0; first < strings.size();) {
    size_t end = end_of_run(strings, first);
    find_in_run(strings.subspan(first, end - first), part, found.subspan(first, end - first));
    first = end;
  }
}

}  // namespace clew::query
