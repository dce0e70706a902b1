#include "store/columnar/string_dictionary.h"

#include <algorithm>
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
  if ((values_.size() + 1) * 8 > slots_.size() * 5) grow();
  const uint64_t hash = hash_of(value);
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

void StringDictionary::grow() {
  std::vector<Slot> larger(slots_.empty() ? kFirstSlots : slots_.size() * 2);
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
