// The values of one column of one granule as bytes, and back.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/columnar/compact_column.h"
#include "store/columnar/part_format.h"

namespace clew::store {

// Appends the values of `column` in the form that fits them; the form. `has_dictionary`: the codes refer to
// the part's dictionary. `span_ids`: the granule's trace.span_id column if it has one, which parents refer
// to.
ChunkForm append_chunk_values(std::string& out, const CompactColumn& column, bool has_dictionary,
                              const CompactColumn* span_ids, uint32_t rows);

// The distinct values of a dictionary in memory.
struct Dictionary {
  std::string bytes;
  std::vector<std::string_view> values;
};

// Decodes a chunk into one entry a row. `present` as in ColumnData. False when the bytes make no sense.
// `dictionary` is needed for codes, `span_ids` (the granule's trace.span_id, decoded) for parent_rows.
struct ChunkContext {
  uint32_t rows = 0;
  uint32_t count = 0;
  const std::vector<uint64_t>* present = nullptr;  // null: every row
  std::shared_ptr<const Dictionary> dictionary;
  const ColumnData* span_ids = nullptr;
};
bool decode_chunk_values(std::string_view bytes, ChunkForm form, ColumnType type, const ChunkContext& context,
                         ColumnData& data);

// Calls `visit(row)` for each present row, in order.
template <typename Visit>
void for_each_present(const std::vector<uint64_t>& present, Visit visit) {
  for (size_t word = 0; word < present.size(); ++word) {
    for (uint64_t bits = present[word]; bits != 0; bits &= bits - 1)
      visit(static_cast<uint32_t>(word * 64 + static_cast<size_t>(__builtin_ctzll(bits))));
  }
}

}  // namespace clew::store
