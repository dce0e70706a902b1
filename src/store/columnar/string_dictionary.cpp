#include "store/columnar/string_dictionary.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/same_bytes.h"

namespace clew::store {
namespace {

constexpr size_t kFirstSlots = 16;
constexpr size_t kLargestChunk = 64 << 10;

uint64_t hash_of(std::string_view value) {
  return XXH3_64bits(value.data(), value.size());
}

}  // namespace

uint32_t StringDictionary::code_of(std::string_view value) {
  reserve(values_.size() + 1);
  return code_of(value, hash_of(value));
}

uint32_t StringDictionary::code_of(std::string_view value, uint64_t hash) {
  const uint32_t tag = static_cast<uint32_t>(hash >> 32);
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.code_plus_one == 0) {
      slot = {size() + 1, tag};
      values_.push_back(keep(value));
      return size() - 1;
    }
    if (slot.hash == tag && same_bytes(values_[slot.code_plus_one - 1], value)) return slot.code_plus_one - 1;
  }
}

std::optional<uint32_t> StringDictionary::find(std::string_view value) const {
  if (slots_.empty()) return std::nullopt;
  const uint64_t hash = hash_of(value);
  const uint32_t tag = static_cast<uint32_t>(hash >> 32);
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask; slots_[at].code_plus_one != 0; at = (at + 1) & mask) {
    const uint32_t code = slots_[at].code_plus_one - 1;
    if (slots_[at].hash == tag && values_[code] == value) return code;
  }
  return std::nullopt;
}

void StringDictionary::codes_of(std::span<const std::string_view> values, std::vector<uint32_t>& codes) {
  // The slots of a few values are on their way into the cache while those before them are looked at.
  constexpr size_t kAtOnce = 16;
  std::array<uint64_t, kAtOnce> hashes;
  codes.reserve(codes.size() + values.size());
  for (size_t begin = 0; begin < values.size(); begin += kAtOnce) {
    const auto some = values.subspan(begin, std::min(kAtOnce, values.size() - begin));
    reserve(values_.size() + some.size());
    for (size_t i = 0; i < some.size(); ++i) {
      hashes[i] = hash_of(some[i]);
      __builtin_prefetch(&slots_[hashes[i] & (slots_.size() - 1)]);
    }
    for (size_t i = 0; i < some.size(); ++i) codes.push_back(code_of(some[i], hashes[i]));
  }
}

void StringDictionary::reserve(size_t values) {
  if (values * 8 > slots_.size() * 5) rehash(std::max(kFirstSlots, std::bit_ceil(values * 8 / 5 + 1)));
}

void StringDictionary::rehash(size_t slots) {
  std::vector<Slot> larger(slots);
  const size_t mask = larger.size() - 1;
  for (uint32_t code = 0; code < size(); ++code) {
    const uint64_t hash = hash_of(values_[code]);
    size_t at = hash & mask;
    while (larger[at].code_plus_one != 0) at = (at + 1) & mask;
    larger[at] = {code + 1, static_cast<uint32_t>(hash >> 32)};
  }
  slots_ = std::move(larger);
}

std::string_view StringDictionary::keep(std::string_view value) {
  if (value.size() > free_bytes_) {
    const size_t size = std::max(value.size(), next_chunk_bytes_);
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    free_ = chunks_.back().get();
    free_bytes_ = size;
    arena_bytes_ += size;
    next_chunk_bytes_ = std::min(next_chunk_bytes_ * 2, kLargestChunk);
  }
  if (value.empty()) return {};
  std::memcpy(free_, value.data(), value.size());
  const std::string_view kept(free_, value.size());
  free_ += value.size();
  free_bytes_ -= value.size();
  return kept;
}

}  // namespace clew::store
