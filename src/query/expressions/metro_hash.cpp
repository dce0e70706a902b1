#include "query/expressions/metro_hash.h"

#include <bit>
#include <cstring>

namespace clew::query {
namespace {

constexpr uint64_t kFactors[] = {0xD6D018F5, 0xA2AA033B, 0x62992FC1, 0x30BC5B29};

template <typename Number>
uint64_t take(std::string_view& bytes) {
  Number number;
  std::memcpy(&number, bytes.data(), sizeof(number));
  bytes.remove_prefix(sizeof(number));
  return number;
}

template <typename Number>
void mix_in(uint64_t& hash, std::string_view& bytes, int turn) {
  if (bytes.size() < sizeof(Number)) return;
  hash += take<Number>(bytes) * kFactors[3];
  hash ^= std::rotr(hash, turn) * kFactors[1];
}

}  // namespace

uint64_t metro_hash(std::string_view bytes, uint64_t seed) {
  const auto& [k0, k1, k2, k3] = kFactors;
  uint64_t hash = (seed + k2) * k0;
  if (bytes.size() >= 32) {
    uint64_t lanes[4] = {hash, hash, hash, hash};
    while (bytes.size() >= 32) {
      for (size_t i = 0; i < 4; ++i) {
        lanes[i] += take<uint64_t>(bytes) * kFactors[i];
        lanes[i] = std::rotr(lanes[i], 29) + lanes[(i + 2) % 4];
      }
    }
    lanes[2] ^= std::rotr((lanes[0] + lanes[3]) * k0 + lanes[1], 37) * k1;
    lanes[3] ^= std::rotr((lanes[1] + lanes[2]) * k1 + lanes[0], 37) * k0;
    lanes[0] ^= std::rotr((lanes[0] + lanes[2]) * k0 + lanes[3], 37) * k1;
    lanes[1] ^= std::rotr((lanes[1] + lanes[3]) * k1 + lanes[2], 37) * k0;
    hash += lanes[0] ^ lanes[1];
  }
  if (bytes.size() >= 16) {
    uint64_t a = std::rotr(hash + take<uint64_t>(bytes) * k2, 29) * k3;
    uint64_t b = std::rotr(hash + take<uint64_t>(bytes) * k2, 29) * k3;
    a ^= std::rotr(a * k0, 21) + b;
    b ^= std::rotr(b * k3, 21) + a;
    hash += b;
  }
  mix_in<uint64_t>(hash, bytes, 55);
  mix_in<uint32_t>(hash, bytes, 26);
  mix_in<uint16_t>(hash, bytes, 48);
  mix_in<uint8_t>(hash, bytes, 37);
  hash ^= std::rotr(hash, 28);
  hash *= k0;
  return hash ^ std::rotr(hash, 29);
}

}  // namespace clew::query
