// Integers as their distances from the least of them, each in as many bits as the largest needs:
//
//   minimum (signed varint), width u8 (1…63), ceil(count * width / 8) bytes: value - minimum, low bits first
//
// It stands in a header because it is the same for both types of values that integer_encoding.cpp has.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "store/columnar/byte_coding.h"
#include "store/columnar/packed_lanes.h"

namespace clew::store {

__extension__ typedef unsigned __int128 Bits128;

inline size_t packed_bytes(size_t count, unsigned width) {
  return (count * width + 7) / 8;
}

template <typename Value>
void append_packed(std::string& out, std::span<const Value> values, int64_t minimum, unsigned width) {
  append_signed_varint(out, minimum);
  out += static_cast<char>(width);
  const size_t begin = out.size(), bytes = packed_bytes(values.size(), width);
  out.resize(begin + bytes + 8);  // room for whole-word stores
  char* to = out.data() + begin;
  Bits128 pending = 0;
  unsigned bits = 0;
  for (const Value value : values) {
    pending |= static_cast<Bits128>(static_cast<uint64_t>(value) - static_cast<uint64_t>(minimum)) << bits;
    bits += width;
    if (bits >= 64) {
      const auto word = static_cast<uint64_t>(pending);
      std::memcpy(to, &word, 8);
      to += 8;
      pending >>= 64;
      bits -= 64;
    }
  }
  const auto word = static_cast<uint64_t>(pending);
  std::memcpy(to, &word, 8);
  out.resize(begin + bytes);
}

template <typename Value>
bool consume_packed(ByteReader& reader, std::span<Value> values) {
  const auto minimum = static_cast<uint64_t>(reader.consume_signed_varint());
  const unsigned width = reader.consume_fixed<uint8_t>();
  if (width == 0 || width > 63) return false;
  const std::string_view packed = reader.consume_bytes(packed_bytes(values.size(), width));
  if (!reader.ok()) return false;
  const uint64_t mask = (uint64_t{1} << width) - 1;
  const char* from = packed.data();
  // One eight-byte load holds any value of up to 57 bits, whatever bit it begins at; loads that would reach
  // past the end are left to the careful loop below.
  const size_t fast =
      width > 57 || packed.size() < 8 ? 0 : std::min(values.size(), ((packed.size() - 8) * 8) / width + 1);
  size_t i = 0;
#if defined(__AVX2__)
  if constexpr (sizeof(Value) == sizeof(uint32_t)) {
    if (width <= PackedLanes::kMostBits) {
      const PackedLanes lanes(width);
      const __m256i base = _mm256_set1_epi32(static_cast<int>(minimum));
      for (const size_t end = lanes.loadable(packed, values.size()); i < end; i += 8)
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(values.data() + i),
                            _mm256_add_epi32(lanes.load(from, i / 8), base));
    }
  }
#endif
  uint64_t bit = i * width;
  for (; i < fast; ++i, bit += width) {
    uint64_t word;
    std::memcpy(&word, from + (bit >> 3), 8);
    values[i] = static_cast<Value>((word >> (bit & 7) & mask) + minimum);
  }
  for (; i < values.size(); ++i, bit += width) {
    Bits128 word = 0;
    const size_t at = bit >> 3;
    std::memcpy(&word, from + at, std::min<size_t>(16, packed.size() - at));
    values[i] = static_cast<Value>((static_cast<uint64_t>(word >> (bit & 7)) & mask) + minimum);
  }
  return true;
}

template <typename Value>
bool consume_packed_at(ByteReader& reader, size_t count, std::span<const uint32_t> positions,
                       std::span<Value> values) {
  const auto minimum = static_cast<uint64_t>(reader.consume_signed_varint());
  const unsigned width = reader.consume_fixed<uint8_t>();
  if (width == 0 || width > 63) return false;
  const std::string_view packed = reader.consume_bytes(packed_bytes(count, width));
  if (!reader.ok()) return false;
  const uint64_t mask = (uint64_t{1} << width) - 1;
  for (size_t i = 0; i < positions.size(); ++i) {
    const uint64_t bit = uint64_t{positions[i]} * width;
    const size_t at = bit >> 3;
    Bits128 word = 0;
    std::memcpy(&word, packed.data() + at, std::min<size_t>(16, packed.size() - at));
    values[i] = static_cast<Value>((static_cast<uint64_t>(word >> (bit & 7)) & mask) + minimum);
  }
  return true;
}

// Sets a bit in `found` for each value that equals `code`. Compares while unpacking.
inline bool find_packed(ByteReader& reader, size_t count, uint32_t code, std::span<uint64_t> found) {
  const int64_t minimum = reader.consume_signed_varint();
  const unsigned width = reader.consume_fixed<uint8_t>();
  if (width == 0 || width > 32) return false;
  const std::string_view packed = reader.consume_bytes(packed_bytes(count, width));
  if (!reader.ok()) return false;
  const int64_t distance = int64_t{code} - minimum;
  const uint64_t mask = (uint64_t{1} << width) - 1;
  if (distance < 0 || static_cast<uint64_t>(distance) > mask) return true;
  const auto wanted = static_cast<uint64_t>(distance);
  auto value_at = [&](uint64_t bit) {
    uint64_t word = 0;
    const size_t at = bit >> 3;
    std::memcpy(&word, packed.data() + at, std::min<size_t>(8, packed.size() - at));
    return word >> (bit & 7) & mask;
  };
  size_t begin = 0;
#if defined(__AVX2__)
  if (width <= PackedLanes::kMostBits) {
    const PackedLanes lanes(width);
    const __m256i wanted_everywhere = _mm256_set1_epi32(static_cast<int>(wanted));
    for (const size_t end = lanes.loadable(packed, count) / 64 * 64; begin < end; begin += 64) {
      uint64_t hits = 0;
      for (unsigned group = 0; group < 8; ++group) {
        const __m256i equal =
            _mm256_cmpeq_epi32(lanes.load(packed.data(), begin / 8 + group), wanted_everywhere);
        const auto bits = static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(equal)));
        hits |= uint64_t{bits} << (8 * group);
      }
      found[begin / 64] = hits;
    }
  }
#endif
  // A load of eight bytes must not reach past the end.
  const size_t fast =
      packed.size() < 8 ? 0 : std::min(count, ((packed.size() - 8) * 8) / width + 1) / 64 * 64;
  uint64_t bit = begin * width;
  for (size_t i = begin; i < fast; i += 64) {
    uint64_t hits = 0;
    for (unsigned n = 0; n < 64; ++n, bit += width) {
      uint64_t word;
      std::memcpy(&word, packed.data() + (bit >> 3), 8);
      hits |= static_cast<uint64_t>((word >> (bit & 7) & mask) == wanted) << n;
    }
    found[i / 64] = hits;
  }
  for (size_t i = std::max(begin, fast); i < count; ++i, bit += width)
    found[i / 64] |= static_cast<uint64_t>(value_at(bit) == wanted) << (i % 64);
  return true;
}

}  // namespace clew::store
