// Eight packed values at a time (bit_packing.h), where the processor has AVX2. A group of eight takes as many
// bytes as a value has bits, so that each value has its place within the group: one shuffle brings the bytes
// of all eight into their lanes, one shift drops the bits of the values before.
#pragma once

#if defined(__AVX2__)

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <immintrin.h>
#include <string_view>

namespace clew::store {

class PackedLanes {
 public:
  static constexpr unsigned kMostBits = 25;  // with up to 7 bits before them they are within four bytes

  explicit PackedLanes(unsigned width) : width_(width), second_half_(4 * width / 8) {
    std::array<uint8_t, 32> bytes;
    std::array<uint32_t, 8> shifts;
    for (unsigned n = 0; n < 8; ++n) {
      const unsigned bit = n < 4 ? n * width : n * width - 8 * second_half_;
      for (unsigned b = 0; b < 4; ++b) bytes[4 * n + b] = static_cast<uint8_t>(std::min(bit / 8 + b, 15u));
      shifts[n] = bit % 8;
    }
    shuffle_ = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes.data()));
    shift_ = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(shifts.data()));
    mask_ = _mm256_set1_epi32(static_cast<int>((uint32_t{1} << width) - 1));
  }

  // How many of `count` values stand in groups that may be loaded: a load reaches past its group.
  size_t loadable(std::string_view packed, size_t count) const {
    const size_t reach = second_half_ + 16;
    return packed.size() < reach ? 0 : std::min(count / 8, (packed.size() - reach) / width_ + 1) * 8;
  }

  // Values 8 * group …
  __m256i load(const char* packed, size_t group) const {
    const char* const at = packed + group * width_;
    const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + second_half_));
    const __m256i bytes = _mm256_shuffle_epi8(_mm256_set_m128i(high, low), shuffle_);
    return _mm256_and_si256(_mm256_srlv_epi32(bytes, shift_), mask_);
  }

 private:
  const size_t width_, second_half_;  // bytes of a group, and of it before the bytes of value 4
  __m256i shuffle_, shift_, mask_;
};

}  // namespace clew::store

#endif
