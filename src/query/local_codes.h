// LocalCodes: the values of one group column in one granule as small numbers, cheap to combine; and what the
// worker's interner calls each of them, looked up when a code is first met.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"
#include "query/granule_reader.h"
#include "query/selection.h"
#include "query/time_buckets.h"
#include "query/value_interner.h"

namespace clew::query {

class LocalCodes {
 public:
  // Rows outside of the selection get no promised code.
  Status load(GranuleReader& reader, const BoundColumn& column, const Selection& selection);
  // Codes are time buckets; `times` is null when the rows have no time, which counts as 1970.
  void load_buckets(const store::ColumnData* times, Nanoseconds width, const Selection& selection);

  const uint32_t* codes() const { return codes_; }
  // All codes are below this.
  uint32_t cardinality() const { return cardinality_; }
  // Codes mean the same as after the previous load().
  bool same_as_before() const { return same_as_before_; }
  // Codes are those of the segment, so they are likely to mean the same after the next load().
  bool belong_to_segment() const { return dictionary_ != nullptr; }

  // The interned value of a row.
  uint32_t id_of(uint32_t row) {
    uint32_t& id = ids_[codes_[row]];
    if (id == kUnknown) id = intern(row);
    return id;
  }
  ValueInterner& values() { return values_; }
  const ValueInterner& values() const { return values_; }

 private:
  static constexpr uint32_t kUnknown = UINT32_MAX;
  // Integers whose spread is at most this are coded by their distance from the smallest.
  static constexpr uint64_t kWidestRange = 1 << 16;

  void load_dictionary(const store::Segment& segment, const Piece& piece);
  bool load_integers(const Piece& piece, const Selection& selection);
  void load_interned(const ResolvedColumn& pieces, const Selection& selection);
  void use_storage(uint32_t rows, uint32_t cardinality);
  uint32_t intern(uint32_t row);

  ValueInterner values_;
  const uint32_t* codes_ = nullptr;
  std::vector<uint32_t> storage_;
  std::vector<uint32_t> ids_;  // by code
  uint32_t cardinality_ = 0;
  bool same_as_before_ = false;
  const std::string_view* dictionary_ = nullptr;  // that ids_ stands for, when it outlives the granule

  // Where intern() finds the value of a row: the only piece, or a time.
  const store::ColumnData* data_ = nullptr;
  std::optional<Nanoseconds> bucket_width_;
};

}  // namespace clew::query
