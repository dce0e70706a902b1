// ComputedColumn: a column of one segment that is not stored but computed granule by granule; by an
// expression (calculated_field.h), or from other spans of the trace (related_spans.h).
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "query/column_binding.h"
#include "query/expressions/scalar.h"

namespace clew::query {

class GranuleReader;

class ComputedColumn {
 public:
  virtual ~ComputedColumn() = default;
  // The values in the rows of a granule, by type; columns without a value are left out.
  virtual Result<std::vector<store::ColumnData>> compute(GranuleReader& reader) const = 0;
};

// The types that a computed column may have, in the order in which the candidates for it stand; in each row
// one at most.
inline constexpr store::ColumnType kComputedTypes[] = {store::ColumnType::string, store::ColumnType::int64,
                                                       store::ColumnType::float64, store::ColumnType::boolean,
                                                       store::ColumnType::time};
BoundColumn candidates_of(const ComputedColumn& column);

// One column for each type that occurs among the values. `owner` owns the texts.
std::vector<store::ColumnData> columns_of(std::span<const Scalar> values, std::shared_ptr<const void> owner);

}  // namespace clew::query
