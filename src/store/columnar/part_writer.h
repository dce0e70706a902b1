// PartWriter: writes the file of a part, column by column, a chunk for each granule, then the footer.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/file_system.h"
#include "store/columnar/compact_column.h"
#include "store/columnar/part_format.h"

namespace clew::store {

class Part;
struct Dictionary;

class PartWriter {
 public:
  // Into an empty file opened for appending.
  PartWriter(File& file, EnvironmentId environment, Signal signal, int32_t day);

  // First: how many rows each granule will have.
  void set_granules(std::span<const uint32_t> rows);

  // Declares a column; its number in this part. `dictionary` is sorted and has no equal values.
  Result<uint32_t> add_column(ColumnInfo info, std::optional<std::span<const std::string_view>> dictionary);

  // The values of a declared column in a granule. trace.span_id comes before trace.parent_id, which refers to
  // it.
  Status add_chunk(uint32_t granule, uint32_t column, const CompactColumn& values);

  // Takes a whole granule over from another part: what is not in columns (presences, trace filter, times),
  // then chunk by chunk. A chunk of codes is translated: `translate` gives, for a code of the old part, the
  // code here.
  Status copy_frame(uint32_t granule, const Part& from, uint32_t from_granule);
  Status copy_chunk(uint32_t granule, uint32_t column, const Part& from, uint32_t from_granule,
                    const Chunk& chunk, std::span<const uint32_t> translate);

  // Writes the footer and syncs the file. The size of the file.
  Result<uint64_t> finish();

  const Footer& footer() const { return footer_; }

 private:
  Piece place(std::string_view bytes);
  Status flush_if_large();

  File& file_;
  Footer footer_;
  std::string pending_;   // not yet written
  uint64_t written_ = 0;  // bytes before pending_
  std::string scratch_;
  // By granule: presences seen so far, because columns of one kind of row share theirs …
  std::vector<std::unordered_map<std::string, uint32_t>> presences_;
  // … and the span ids.
  std::vector<std::optional<CompactColumn>> span_ids_;
};

// Encodes sorted distinct values; and back, null when the bytes make no sense.
std::string encode_dictionary(std::span<const std::string_view> values);
std::shared_ptr<const Dictionary> decode_dictionary(std::string_view encoded, uint32_t entries);

}  // namespace clew::store
