// SpanPlaces: which row each span of a trace stands in, in one flat table; of those with the same id, the
// first.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "query/hashing.h"
#include "telemetry/ids.h"

namespace clew::query {

class SpanPlaces {
 public:
  // Room for this many; more must not be added.
  explicit SpanPlaces(size_t spans) : slots_(std::bit_ceil(spans * 2 + 1)) {}

  // The row that has been added under this id before, which stays.
  std::optional<uint32_t> add(const SpanId& id, uint32_t row) {
    Slot& slot = slots_[slot_of(bits_of(id))];
    if (slot.row_plus_one != 0) return slot.row_plus_one - 1;
    slot = {bits_of(id), row + 1};
    return std::nullopt;
  }
  std::optional<uint32_t> find(const SpanId& id) const {
    const Slot& slot = slots_[slot_of(bits_of(id))];
    return slot.row_plus_one == 0 ? std::nullopt : std::optional(slot.row_plus_one - 1);
  }

 private:
  struct Slot {
    uint64_t id = 0;
    uint32_t row_plus_one = 0;  // 0: free
  };
  static uint64_t bits_of(const SpanId& id) {
    uint64_t bits;
    std::memcpy(&bits, id.bytes.data(), sizeof(bits));
    return bits;
  }
  // Where the id is, or would be.
  size_t slot_of(uint64_t id) const {
    size_t at = hash_of(id) & (slots_.size() - 1);
    while (slots_[at].row_plus_one != 0 && slots_[at].id != id) at = (at + 1) & (slots_.size() - 1);
    return at;
  }

  std::vector<Slot> slots_;
};

}  // namespace clew::query
