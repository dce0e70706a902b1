// NumberSet: a set of 64-bit numbers.
#pragma once

#include <cstdint>
#include <vector>

#include "query/hashing.h"

namespace clew::query {

class NumberSet {
 public:
  NumberSet() : slots_(16) {}

  // Whether the number was not in the set yet. UINT64_MAX cannot be held.
  bool add(uint64_t number) {
    size_t mask = slots_.size() - 1;
    for (size_t slot = hash_of(number) & mask;; slot = (slot + 1) & mask) {
      if (slots_[slot] == number + 1) return false;
      if (slots_[slot] != 0) continue;
      slots_[slot] = number + 1;
      if (++size_ * 2 > slots_.size()) grow();
      return true;
    }
  }
  size_t size() const { return size_; }
  size_t bytes() const { return slots_.size() * sizeof(uint64_t); }

  template <typename Visit>
  void for_each(Visit&& visit) const {
    for (uint64_t slot : slots_) {
      if (slot != 0) visit(slot - 1);
    }
  }

 private:
  void grow() {
    std::vector<uint64_t> old(slots_.size() * 2);
    old.swap(slots_);
    size_t mask = slots_.size() - 1;
    for (uint64_t held : old) {
      if (held == 0) continue;
      size_t slot = hash_of(held - 1) & mask;
      while (slots_[slot] != 0) slot = (slot + 1) & mask;
      slots_[slot] = held;
    }
  }

  std::vector<uint64_t> slots_;  // number + 1, or 0; a power of two of them
  size_t size_ = 0;
};

}  // namespace clew::query
