#include "pipeline/exporters/loadbalancing/hash_ring.h"

#include <algorithm>
#include <array>

namespace clew::pipeline {
namespace {

// Those of the Collector, so that both choose alike.
constexpr uint32_t kPositions = 36'000;
constexpr unsigned kPointsOfEndpoint = 100;

constexpr std::array<uint32_t, 256> crc_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320U : crc >> 1;
    table[i] = crc;
  }
  return table;
}

// CRC-32 as IEEE 802.3 has it.
uint32_t crc32_of(std::string_view bytes) {
  static constexpr auto kTable = crc_table();
  uint32_t crc = 0xffffffffU;
  for (const char byte : bytes) crc = crc >> 8 ^ kTable[(crc ^ static_cast<uint8_t>(byte)) & 0xff];
  return ~crc;
}

}  // namespace

HashRing::HashRing(std::vector<std::string> endpoints) : endpoints_(std::move(endpoints)) {
  std::sort(endpoints_.begin(), endpoints_.end());
  endpoints_.erase(std::unique(endpoints_.begin(), endpoints_.end()), endpoints_.end());
  for (size_t i = 0; i < endpoints_.size(); ++i)
    for (unsigned point = 0; point < kPointsOfEndpoint; ++point) {
      std::string text = endpoints_[i];
      text += static_cast<char>(point);
      points_.emplace_back(crc32_of(text) % kPositions, i);
    }
  std::sort(points_.begin(), points_.end());
}

size_t HashRing::endpoint_of(std::string_view key) const {
  const auto found =
      std::lower_bound(points_.begin(), points_.end(), std::pair(crc32_of(key) % kPositions, size_t{0}));
  return (found == points_.end() ? points_.front() : *found).second;
}

}  // namespace clew::pipeline
