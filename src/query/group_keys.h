// GroupKeys: one worker's groups. Gives each distinct combination of group values a number.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "query/local_codes.h"

namespace clew::query {

// Combinations of interned ids, numbered from 0 in the order in which they are first seen.
class TupleTable {
 public:
  explicit TupleTable(size_t width) : width_(width), slots_(64) {}

  uint32_t find_or_add(std::span<const uint32_t> tuple);
  std::span<const uint32_t> tuple(uint32_t number) const {
    return std::span(tuples_).subspan(number * width_, width_);
  }
  size_t size() const { return size_; }
  size_t bytes() const {
    return (tuples_.capacity() + slots_.size() + numbers_.capacity()) * sizeof(uint32_t);
  }

 private:
  struct Slot {
    uint32_t hash = 0;
    uint32_t number = 0;  // of the tuple, plus 1; 0 is free
  };
  size_t slot_of(std::span<const uint32_t> tuple, uint64_t hash) const;
  uint32_t find_or_add_single(uint32_t id);

  size_t width_;
  size_t size_ = 0;
  std::vector<uint32_t> tuples_;
  std::vector<Slot> slots_;        // a power of two of them
  std::vector<uint32_t> numbers_;  // instead of slots_ when the width is 1: by id, number + 1, or 0
};

class GroupKeys {
 public:
  // `columns` are positions in the bound names. With a width, the time bucket comes before them.
  GroupKeys(std::vector<size_t> columns, std::optional<Nanoseconds> bucket_width);

  // The group of every selected row; entries of other rows are unspecified. Valid until the next call.
  Result<const uint32_t*> assign(GranuleReader& reader, const std::vector<BoundColumn>& bound,
                                 std::optional<uint32_t> time_column, const Selection& selection);

  size_t size() const { return tuples_.size(); }
  size_t width() const { return locals_.size(); }
  std::span<const uint32_t> ids(uint32_t group) const { return tuples_.tuple(group); }
  const ValueInterner& values(size_t column) const { return locals_[column].values(); }
  Value value(uint32_t group, size_t column) const { return values(column).value(ids(group)[column]); }

  // The group of another worker under a number of this one's.
  uint32_t adopt(const GroupKeys& other, uint32_t group);
  size_t bytes() const;

 private:
  static constexpr uint32_t kUnknown = UINT32_MAX;

  void assign_dense(const Selection& selection, uint64_t product);
  void assign_hashed(const Selection& selection);
  void fold_into(std::vector<uint64_t>& keys, const Selection& selection) const;
  uint32_t group_of_row(uint32_t row);

  std::vector<size_t> columns_;
  std::optional<Nanoseconds> bucket_width_;
  std::vector<LocalCodes> locals_;
  TupleTable tuples_;
  std::vector<uint32_t> tuple_;         // of the row at hand
  std::vector<uint32_t> groups_;        // by row
  std::vector<uint32_t> dense_groups_;  // by combination of codes
};

}  // namespace clew::query
