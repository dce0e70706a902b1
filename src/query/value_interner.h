// ValueInterner: gives each distinct value a small number, so that groups and sets deal in numbers.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "query/value.h"
#include "store/segment.h"

namespace clew::query {

class ValueInterner {
 public:
  // Two values are the same when they are of one kind and equal; whole doubles are integers.
  enum class Kind : uint8_t { null, boolean, integer, real, time, text, bytes, trace_id, span_id };

  static constexpr uint32_t kNull = 0;

  ValueInterner();

  uint32_t intern_boolean(bool value) { return intern_bits(Kind::boolean, value ? 1 : 0); }
  uint32_t intern_integer(int64_t value) { return intern_bits(Kind::integer, static_cast<uint64_t>(value)); }
  uint32_t intern_time(int64_t value) { return intern_bits(Kind::time, static_cast<uint64_t>(value)); }
  uint32_t intern_real(double value);
  // Of a stringlike column. Copies the bytes when they are new.
  uint32_t intern_text(std::string_view text, store::ColumnType type) {
    return intern_bytes(kind_of(type), text, hash_of_text(text, type), Bytes::passing);
  }
  // The same for bytes that outlive the interner: they are not copied.
  uint32_t intern_lasting_text(std::string_view text, store::ColumnType type) {
    return intern_bytes(kind_of(type), text, hash_of_text(text, type), Bytes::lasting);
  }
  // In steps, so that the slots of many texts are fetched from memory at once.
  static uint32_t hash_of_text(std::string_view text, store::ColumnType type);
  void prefetch(uint32_t hash) const { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]); }
  uint32_t intern_lasting_hashed(std::string_view text, store::ColumnType type, uint32_t hash) {
    return intern_bytes(kind_of(type), text, hash, Bytes::lasting);
  }
  // Makes room for this many values.
  void reserve(size_t values);

  // The value of a row that has one.
  uint32_t intern(const store::ColumnData& data, uint32_t row);
  // What another interner calls `id`.
  uint32_t intern_from(const ValueInterner& other, uint32_t id);

  Value value(uint32_t id) const;
  // The order of the values, without making them.
  std::strong_ordering compare(uint32_t a, uint32_t b) const;
  // Null included.
  size_t size() const { return entries_.size(); }
  size_t bytes() const {
    return entries_.capacity() * sizeof(Entry) + slots_.size() * sizeof(uint32_t) + arena_bytes_;
  }

 private:
  struct Entry {
    uint64_t bits = 0;  // or the length
    const char* text = nullptr;
    uint32_t hash = 0;
    Kind kind = Kind::null;
    std::string_view view() const { return {text, bits}; }
  };

  static Kind kind_of(store::ColumnType type);
  uint32_t intern_bits(Kind kind, uint64_t bits);
  enum class Bytes : uint8_t { passing, lasting };
  uint32_t intern_bytes(Kind kind, std::string_view text, uint32_t hash, Bytes bytes);
  uint32_t add(Entry entry, size_t slot);
  void resize_slots(size_t count);
  std::string_view copy(std::string_view text);

  std::vector<Entry> entries_;
  std::vector<uint32_t> slots_;  // id + 1, or 0; a power of two of them
  std::vector<std::unique_ptr<char[]>> arena_;
  size_t arena_left_ = 0;
  size_t arena_bytes_ = 0;
};

}  // namespace clew::query
