// RowPicker: rows of a granule that is being composed, picked one by one out of several sources, column by
// column.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "store/columnar/compact_column.h"
#include "store/columnar/dictionary_choice.h"
#include "store/columnar/row_order.h"

namespace clew::store {

class RowPicker {
 public:
  // `rows` refer to sources by number; each source is of the segment `segment_of_source` tells.
  RowPicker(std::span<const RowReference> rows, std::span<const uint32_t> segment_of_source)
      : rows_(rows), segment_of_source_(segment_of_source) {}

  // `decoded` has the column of every source that a row refers to. Strings go into the column by their code
  // in `dictionary` if there is one.
  CompactColumn pick(const ColumnInfo& info, std::span<const std::optional<ColumnData>> decoded,
                     const std::optional<ColumnDictionary>& dictionary) const;

 private:
  std::span<const RowReference> rows_;
  std::span<const uint32_t> segment_of_source_;
};

}  // namespace clew::store
