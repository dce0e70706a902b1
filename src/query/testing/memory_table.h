// MemoryTable: rows written down one by one in a test, and segments cut from them in any way: the query
// engine must give the same answer for all of them.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "store/segment.h"
#include "store/storage.h"

namespace clew::query::testing {

// As stored: ids are raw bytes; times and durations nanoseconds.
using StoredValue = std::variant<int64_t, double, bool, std::string>;

struct Cell {
  store::ColumnInfo column;
  StoredValue value;
};
using TableRow = std::vector<Cell>;

enum class StringLayout : uint8_t { segment_dictionary, granule_dictionary, plain, adjacent_plain };

struct Layout {
  uint32_t granule_rows = store::kGranuleRows;
  uint32_t segment_granules = 1000;
  StringLayout strings = StringLayout::segment_dictionary;
};

Cell attribute(std::string name, StoredValue value);  // type by the value
Cell resource(std::string name, StoredValue value);
Cell intrinsic(std::string name, store::ColumnType type, StoredValue value);
Cell at_time(int64_t nanoseconds);

store::Snapshot snapshot_of(const std::vector<TableRow>& rows, const Layout& layout = {});

}  // namespace clew::query::testing
