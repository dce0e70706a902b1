#include "query/trace_numbers.h"

#include <cstring>

#include "query/hashing.h"

namespace clew::query {

uint32_t TraceNumbers::number_of(const TraceId& id) {
  size_t slot = slot_of(id);
  if (slots_[slot] != 0) return slots_[slot] - 1;
  ids_.push_back(id);
  slots_[slot] = static_cast<uint32_t>(ids_.size());
  if (ids_.size() * 2 > slots_.size()) grow();
  return static_cast<uint32_t>(ids_.size() - 1);
}

size_t TraceNumbers::slot_of(const TraceId& id) const {
  uint64_t halves[2];
  std::memcpy(halves, id.bytes.data(), sizeof(halves));
  const size_t mask = slots_.size() - 1;
  size_t slot = hash_of(halves[0] ^ hash_of(halves[1])) & mask;
  while (slots_[slot] != 0 && ids_[slots_[slot] - 1] != id) slot = (slot + 1) & mask;
  return slot;
}

void TraceNumbers::grow() {
  slots_.assign(slots_.size() * 2, 0);
  for (uint32_t i = 0; i < ids_.size(); ++i) slots_[slot_of(ids_[i])] = i + 1;
}

}  // namespace clew::query
