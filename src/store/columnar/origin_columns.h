// OriginColumns: the columns that rows have through their origin (resource, instrumentation scope), derived
// from the dictionary of envelopes of a segment.
#pragma once

#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/columnar/string_dictionary.h"
#include "store/segment.h"

namespace clew::store {

class OriginColumns {
 public:
  OriginColumns() = default;
  // Envelopes that do not parse (damaged in a way the checksum missed) contribute nothing.
  explicit OriginColumns(std::span<const std::string_view> envelopes);

  size_t size() const { return columns_.size(); }
  const ColumnInfo& info(size_t column) const { return columns_[column].info; }
  // The column for rows whose origins are `codes`. Its owner is `keep_alive`, which must own this object.
  ColumnData expand(size_t column, std::span<const uint32_t> codes,
                    std::shared_ptr<const void> keep_alive) const;
  std::span<const std::string_view> dictionary(size_t column) const {
    return columns_[column].strings.values();
  }

 private:
  struct Column {
    ColumnInfo info;
    bool complete = true;         // every origin has a value
    std::vector<uint8_t> has;     // by origin
    std::vector<uint32_t> codes;  // by origin, stringlike
    StringDictionary strings;
    std::vector<int64_t> integers;  // by origin
    std::vector<double> floats;
    std::vector<uint8_t> booleans;
  };
  Column& column_of(const ColumnInfo& info, size_t origins);

  std::vector<Column> columns_;
};

}  // namespace clew::store
