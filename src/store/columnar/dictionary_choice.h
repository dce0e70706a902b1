// Which columns of a part keep a dictionary of their distinct values, and what is in it.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "store/columnar/row_order.h"
#include "store/columnar/sorted_dictionary.h"
#include "store/columnar/string_dictionary.h"

namespace clew::store {

constexpr uint32_t kNoColumn = UINT32_MAX;

// A column as it stands in the segments that a part is composed of.
struct ColumnInSegments {
  ColumnInfo info;
  std::span<const StoredSegment* const> segments;
  std::span<const uint32_t> numbers;  // by segment: its number there, or kNoColumn
  std::span<const RowSource> sources;
  std::span<const uint32_t> segment_of_source;
};

struct ColumnDictionary {
  SortedDictionary united;
  // By segment: the distinct values of one that keeps the column plain; empty for the others. Their codes are
  // what `united` translates from.
  std::vector<StringDictionary> of_plain;

  // The code in the part of a value that `segment` has.
  uint32_t code_of(uint32_t segment, const ColumnData& data, uint32_t row) const {
    const uint32_t code = data.is_dictionary() ? data.codes[row] : *of_plain[segment].find(data.strings[row]);
    return united.translate[segment][code];
  }
  // Leaves out the values that are not used: by code, 0 or not. What stood for them stands for nothing then.
  void keep(std::span<const uint8_t> used);
};

// The dictionary of all segments' values, or nothing when the column is better kept plain.
Result<std::optional<ColumnDictionary>> choose_dictionary(const ColumnInSegments& column);

}  // namespace clew::store
