// TraceNumbers: numbers traces in the order in which they are met, in one flat table. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "telemetry/ids.h"

namespace clew::query {

class TraceNumbers {
 public:
  TraceNumbers() : slots_(64) {}

  uint32_t number_of(const TraceId& id);
  const std::vector<TraceId>& ids() const { return ids_; }
  size_t bytes() const { return ids_.capacity() * sizeof(TraceId) + slots_.size() * sizeof(uint32_t); }

 private:
  size_t slot_of(const TraceId& id) const;
  void grow();

  std::vector<TraceId> ids_;
  std::vector<uint32_t> slots_;  // number + 1, or 0; a power of two of them
};

}  // namespace clew::query
