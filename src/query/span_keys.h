// SpanKeys: trace, id and parent of the rows of a granule as numbers, by which spans find one another.
#pragma once

#include <cstdint>
#include <vector>

#include "query/granule_reader.h"
#include "query/hashing.h"

namespace clew::query {

// The three columns, in one segment.
struct SpanKeyColumns {
  BoundColumn trace, span, parent;
};
SpanKeyColumns span_key_columns(const store::Segment& segment);

// 0 where a row has none.
struct SpanKeys {
  std::vector<uint64_t> traces;  // hashed
  std::vector<uint64_t> spans, parents;
};
Result<SpanKeys> read_span_keys(GranuleReader& reader, const SpanKeyColumns& columns);

inline uint64_t key_of_span(uint64_t trace, uint64_t span) {
  return trace ^ hash_of(span);
}

// Numbers keys from 0 in the order in which they are first seen.
class KeyNumberTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  KeyNumberTable() : slots_(64) {}
  uint32_t find(uint64_t key) const { return slots_[slot_of(key)].number - 1; }
  uint32_t find_or_add(uint64_t key);
  const std::vector<uint64_t>& keys() const { return keys_; }
  size_t bytes() const { return slots_.size() * sizeof(Slot) + keys_.capacity() * sizeof(uint64_t); }

 private:
  struct Slot {
    uint64_t key = 0;
    uint32_t number = 0;  // plus 1; 0 is free
  };
  size_t slot_of(uint64_t key) const;

  std::vector<Slot> slots_;  // a power of two of them
  std::vector<uint64_t> keys_;
};

}  // namespace clew::query
