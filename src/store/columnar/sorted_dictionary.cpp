#include "store/columnar/sorted_dictionary.h"

#include <algorithm>
#include <bit>
#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace clew::store {
namespace {

size_t common_prefix(std::span<const std::string_view> values) {
  if (values.empty()) return 0;
  size_t length = values[0].size();
  for (const std::string_view value : values) {
    length = std::min(length, value.size());
    if (length == 0) return 0;
    while (std::memcmp(value.data(), values[0].data(), length) != 0) --length;
  }
  return length;
}

// Eight bytes behind the common prefix, as a number that compares like the bytes do.
uint64_t sort_key(std::string_view value, size_t prefix) {
  uint64_t key = 0;
  const size_t rest = value.size() - prefix;
  if (rest != 0) std::memcpy(&key, value.data() + prefix, std::min<size_t>(8, rest));
  return __builtin_bswap64(key);
}

}  // namespace

SortedDictionary unite(std::span<const std::span<const std::string_view>> inputs) {
  size_t total = 0;
  for (const auto& input : inputs) total += input.size();

  // Distinct values, by hashing; slots hold a position in `distinct` plus one.
  struct Slot {
    uint32_t position_plus_one = 0;
    uint32_t tag = 0;
  };
  std::vector<Slot> slots(std::bit_ceil(total * 2 + 16));
  const size_t mask = slots.size() - 1;
  std::vector<std::string_view> distinct;
  SortedDictionary result;
  for (const auto& input : inputs) {
    std::vector<uint32_t>& positions = result.translate.emplace_back();
    positions.reserve(input.size());
    for (const std::string_view value : input) {
      const uint64_t hash = XXH3_64bits(value.data(), value.size());
      const auto tag = static_cast<uint32_t>(hash >> 32);
      size_t at = hash & mask;
      while (slots[at].position_plus_one != 0 &&
             (slots[at].tag != tag || distinct[slots[at].position_plus_one - 1] != value))
        at = (at + 1) & mask;
      if (slots[at].position_plus_one == 0) {
        distinct.push_back(value);
        slots[at] = {static_cast<uint32_t>(distinct.size()), tag};
      }
      positions.push_back(slots[at].position_plus_one - 1);
    }
  }

  // Sorting keys of eight bytes instead of strings touches the strings themselves only where keys are equal.
  struct Keyed {
    uint64_t key;
    uint32_t position;
  };
  const size_t prefix = common_prefix(distinct);
  std::vector<Keyed> order(distinct.size());
  for (uint32_t i = 0; i < distinct.size(); ++i) order[i] = {sort_key(distinct[i], prefix), i};
  std::sort(order.begin(), order.end(), [&](const Keyed& a, const Keyed& b) {
    return a.key != b.key ? a.key < b.key : distinct[a.position] < distinct[b.position];
  });
  std::vector<uint32_t> rank(distinct.size());
  result.values.reserve(distinct.size());
  for (uint32_t i = 0; i < order.size(); ++i) {
    rank[order[i].position] = i;
    result.values.push_back(distinct[order[i].position]);
  }
  for (auto& positions : result.translate) {
    for (uint32_t& position : positions) position = rank[position];
  }
  return result;
}

}  // namespace clew::store
