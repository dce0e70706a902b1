// CompactColumn: the values of one column of one granule, present rows only, as the part writer takes them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "store/segment.h"

namespace clew::store {

struct CompactColumn {
  ColumnInfo info;
  // One bit a row; empty when every row has a value.
  std::vector<uint64_t> present;
  // One entry for each present row, in the array that fits the type:
  std::vector<int64_t> integers;
  std::vector<double> floats;
  std::vector<uint8_t> booleans;
  std::vector<uint64_t> ids;    // span_id
  std::vector<uint32_t> codes;  // into the part's dictionary of this column; trace_id: into `strings`
  std::vector<std::string_view> strings;  // without a dictionary; trace_id: the distinct ids
};

}  // namespace clew::store
