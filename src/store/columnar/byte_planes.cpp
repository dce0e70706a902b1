#include "store/columnar/byte_planes.h"

#include <algorithm>
#include <bit>

#include "store/columnar/compressed_bytes.h"

namespace clew::store {
namespace {

constexpr uint8_t kZero = 0, kRaw = 1, kZstd = 2;

}  // namespace

void append_planes(std::string& out, std::span<const uint64_t> numbers, uint64_t largest) {
  const unsigned planes = std::max(1u, static_cast<unsigned>(std::bit_width(largest) + 7) / 8);
  out += static_cast<char>(planes);
  thread_local std::string plane;
  plane.resize(numbers.size());
  for (unsigned p = 0; p < planes; ++p) {
    unsigned char seen = 0;
    for (size_t i = 0; i < numbers.size(); ++i) {
      const auto byte = static_cast<unsigned char>(numbers[i] >> (8 * p));
      plane[i] = static_cast<char>(byte);
      seen |= byte;
    }
    if (seen == 0) {
      out += static_cast<char>(kZero);
      continue;
    }
    const size_t mode_at = out.size();
    out += static_cast<char>(kZstd);
    if (!append_zstd(out, plane)) {
      out[mode_at] = static_cast<char>(kRaw);
      out += plane;
    }
  }
}

bool PlaneBytes::read(ByteReader& reader, size_t count, unsigned most) {
  planes_ = reader.consume_fixed<uint8_t>();
  if (planes_ == 0 || planes_ > most) return false;
  thread_local std::array<std::string, 8> buffers;
  for (unsigned p = 0; p < planes_; ++p) {
    const auto mode = reader.consume_fixed<uint8_t>();
    if (!reader.ok() || mode > kZstd) return false;
    if (mode == kRaw) {
      of_[p] = reader.consume_bytes(count).data();
      if (!reader.ok()) return false;
      continue;
    }
    const std::string_view compressed = mode == kZstd ? reader.consume_sized() : std::string_view();
    if (!reader.ok()) return false;
    buffers[p].resize(count);
    if (mode == kZero)
      std::fill(buffers[p].begin(), buffers[p].end(), '\0');
    else if (!decompress_exactly(compressed, buffers[p].data(), count))
      return false;
    of_[p] = buffers[p].data();
  }
  return true;
}

}  // namespace clew::store
