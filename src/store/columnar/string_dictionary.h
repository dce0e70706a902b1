// StringDictionary: distinct byte strings in order of first appearance, each known by its code.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace clew::store {

class StringDictionary {
 public:
  // The code of `value`, which is copied if it is new.
  uint32_t code_of(std::string_view value);

  // The codes of many values, which is quicker than one by one: appended to `codes`.
  void codes_of(std::span<const std::string_view> values, std::vector<uint32_t>& codes);

  std::optional<uint32_t> find(std::string_view value) const;

  uint32_t size() const { return static_cast<uint32_t>(values_.size()); }
  // Valid as long as the dictionary, and not moved by later additions.
  std::string_view operator[](uint32_t code) const { return values_[code]; }
  const std::vector<std::string_view>& values() const { return values_; }
  size_t bytes() const {
    return arena_bytes_ + values_.capacity() * sizeof(values_[0]) + slots_.capacity() * sizeof(Slot);
  }

 private:
  struct Slot {
    uint32_t code_plus_one = 0;  // 0: free
    uint32_t hash = 0;           // spares most comparisons of bytes
  };

  void reserve(size_t values);
  void rehash(size_t slots);
  uint32_t code_of(std::string_view value, uint64_t hash);
  std::string_view keep(std::string_view value);

  std::vector<Slot> slots_;  // a power of two, at most 5/8 full
  std::vector<std::string_view> values_;
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* free_ = nullptr;
  size_t free_bytes_ = 0;
  size_t next_chunk_bytes_ = 512;
  size_t arena_bytes_ = 0;
};

}  // namespace clew::store
