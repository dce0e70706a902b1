// The columns that the data has, for completion and for choosing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "query/run.h"
#include "store/storage.h"

namespace clew::query {

struct ColumnDescription {
  std::string name;
  std::vector<store::Scope> scopes;      // where it occurs
  std::vector<store::ColumnType> types;  // as which it is stored
  bool derived = false;                  // computed from others: duration_ms, is_root
  std::string help;                      // for intrinsic and derived columns
  uint64_t rows = 0;                     // that have a value, in the granules of the range
};

// Sorted by name. Reads no data: only what the segments know of themselves.
Result<std::vector<ColumnDescription>> list_columns(const store::Snapshot& snapshot, const TimeRange& range);

// As list_columns(), but only those in which a row that `rows` matches has a value. Reads what the granules
// do not tell of themselves; as long as `options` permit, then the columns that are not decided count as
// well.
Result<std::vector<ColumnDescription>> list_columns_of(const Filter& rows, const store::Snapshot& snapshot,
                                                       const TimeRange& range,
                                                       const RunOptions& options = {});

struct ValueCount {
  Value value;
  uint64_t rows = 0;
};
// The commonest values of a column (of those that contain `part`, when given), most frequent first.
Result<std::vector<ValueCount>> list_values(const ColumnName& column, const std::string& part, size_t limit,
                                            const TimeRange& range, const store::Snapshot& snapshot,
                                            const RunOptions& options = {});

}  // namespace clew::query
