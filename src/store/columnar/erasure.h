// Erasure: the rows of parts that fall under the rules of store/erasure_rules.h.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "store/columnar/catalog.h"
#include "store/columnar/stored_segment.h"
#include "store/erasure_rules.h"

namespace clew::store {

struct RowsToErase {
  uint64_t count = 0;
  // By granule: one bit a row; empty where none is meant.
  std::vector<std::vector<uint64_t>> granules;
  UnixNanos since = {INT64_MAX};     // when the first of them could have left
  std::optional<UnixNanos> look_at;  // when more rows may be meant without any change of the rules

  bool any_in(uint32_t granule) const { return granule < granules.size() && !granules[granule].empty(); }
  bool has(uint32_t granule, uint32_t row) const {
    return any_in(granule) && (granules[granule][row >> 6] >> (row & 63) & 1) != 0;
  }
};

class Erasure {
 public:
  explicit Erasure(std::shared_ptr<const ErasureRules::List> list);

  const ErasureRules::List& list() const { return *list_; }
  // Those of a segment whose rows are of this day. Texts are looked up in dictionaries first: a segment that
  // has none of them costs no reading.
  Result<RowsToErase> rows_of(const StoredSegment& segment, TableKey table, int32_t day, UnixNanos at) const;

 private:
  using RulesOfText = std::unordered_map<std::string_view, std::vector<const ErasureRule*>>;
  // Rules by their first text.
  struct Column {
    Scope scope;
    std::string_view name;
    RulesOfText rules;
  };

  struct Table {
    std::vector<Column> columns;
    std::vector<const ErasureRule*> of_all_rows;
  };

  std::shared_ptr<const ErasureRules::List> list_;
  std::map<TableKey, Table> tables_;
};

}  // namespace clew::store
