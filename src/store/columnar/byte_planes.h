// Numbers as planes of bytes: all lowest bytes, then all second ones and so on. Each plane is compressed by
// itself; where values are skewed, the entropy coder then sees bytes of one meaning next to each other.
//
//   planes u8 (1…8), then for each plane, lowest byte first:
//     mode u8 (0 zero, 1 raw, 2 zstd), for zstd size (varint); bytes
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "store/columnar/byte_coding.h"

namespace clew::store {

// `largest` has every bit that one of the numbers has.
void append_planes(std::string& out, std::span<const uint64_t> numbers, uint64_t largest);

// The planes of `count` numbers, decompressed: those kept raw where they stand, the others in memory of the
// thread.
class PlaneBytes {
 public:
  // At most `most` planes. False when the bytes make no sense.
  bool read(ByteReader& reader, size_t count, unsigned most);

  uint64_t number_at(size_t i) const {
    uint64_t number = 0;
    for (unsigned p = 0; p < planes_; ++p)
      number |= static_cast<uint64_t>(static_cast<unsigned char>(of_[p][i])) << (8 * p);
    return number;
  }

  // The sum of the signed differences that the numbers from `begin` to `end` stand for (zigzag).
  uint64_t sum_of_differences(size_t begin, size_t end) const {
    uint64_t sum = 0;
    if (planes_ == 1) {
      // In small steps of narrow sums, so that many bytes are added at once.
      constexpr size_t kStep = 256;
      while (begin < end) {
        const size_t until = std::min(begin + kStep, end);
        int32_t few = 0;
        for (; begin < until; ++begin) {
          const auto byte = static_cast<unsigned char>(of_[0][begin]);
          few += static_cast<int16_t>((byte >> 1) ^ -(byte & 1));
        }
        sum += static_cast<uint64_t>(int64_t{few});
      }
      return sum;
    }
    for (; begin < end; ++begin) sum += static_cast<uint64_t>(unzigzag(number_at(begin)));
    return sum;
  }

  // All numbers in one pass over all planes.
  template <typename Number>
  void put_together(std::span<Number> numbers) const {
    switch (planes_) {
      case 1:
        return put_together<1>(numbers);
      case 2:
        return put_together<2>(numbers);
      case 3:
        return put_together<3>(numbers);
      case 4:
        return put_together<4>(numbers);
      case 5:
        return put_together<5>(numbers);
      default:
        for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<Number>(number_at(i));
    }
  }

 private:
  template <unsigned kPlanesHere, typename Number>
  void put_together(std::span<Number> numbers) const {
    const std::array<const char*, 8> of = of_;
    Number* const to = numbers.data();
    for (size_t i = 0; i < numbers.size(); ++i) {
      uint64_t number = 0;
      for (unsigned p = 0; p < kPlanesHere; ++p)
        number |= static_cast<uint64_t>(static_cast<unsigned char>(of[p][i])) << (8 * p);
      to[i] = static_cast<Number>(number);
    }
  }

  unsigned planes_ = 0;
  std::array<const char*, 8> of_{};
};

template <typename Number>
bool consume_planes(ByteReader& reader, std::span<Number> numbers) {
  PlaneBytes planes;
  if (!planes.read(reader, numbers.size(), sizeof(Number))) return false;
  planes.put_together(numbers);
  return true;
}

}  // namespace clew::store
