// PartWriter: writes the file of a part, dictionaries first, then granule by granule, then the footer.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"
#include "store/columnar/compact_column.h"
#include "store/columnar/part_format.h"

namespace clew::store {

class Part;

class PartWriter {
 public:
  // Into an empty file opened for appending.
  PartWriter(File& file, EnvironmentId environment, Signal signal, int32_t day);

  // Declares a column; its number in this part. `dictionary` is sorted and has no equal values.
  Result<uint32_t> add_column(ColumnInfo info, std::optional<std::span<const std::string_view>> dictionary);

  // A granule from values. `columns[i]` belongs to the declared column `numbers[i]`.
  Status add_granule(uint32_t rows, std::span<const uint32_t> numbers, std::span<const CompactColumn> columns);

  // A granule taken over from another part. Chunks that do not depend on a dictionary are copied as they are; codes are
  // translated: `translate[column]` gives, for a code of the old part, the code here. `numbers[column]` is the number
  // here of each column there.
  Status copy_granule(const Part& from, uint32_t granule, std::span<const uint32_t> numbers,
                      std::span<const std::vector<uint32_t>> translate);

  // Writes the footer and syncs the file. The size of the file.
  Result<uint64_t> finish();

  const Footer& footer() const { return footer_; }

 private:
  Piece place(std::string_view bytes);
  Status flush_if_large();


  File& file_;
  Footer footer_;
  std::string pending_;     // not yet written
  uint64_t written_ = 0;    // bytes before pending_
  std::string scratch_;
};

// Encodes sorted distinct values; and back: fills `views`, which point into the returned bytes.
std::string encode_dictionary(std::span<const std::string_view> values);
std::optional<std::string> decode_dictionary(std::string_view encoded, uint32_t entries, std::vector<std::string_view>& views);

}  // namespace clew::store
