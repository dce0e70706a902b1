// Composes a part out of rows of other segments: of blocks (a seal) or of parts (a merge).
#pragma once

#include <span>
#include <vector>

#include "base/file_system.h"
#include "store/columnar/part_format.h"
#include "store/columnar/row_order.h"
#include "store/columnar/stored_segment.h"

namespace clew::store {

// A granule to be written: rows picked one by one, or a whole source granule taken over as it is.
struct GranulePlan {
  std::vector<RowReference> rows;  // into the sources
  std::optional<uint32_t> whole;   // the source to take over; then `rows` is empty
};

// Whether the plan leaves rows of the sources out for ever: then nothing that only they had goes into the
// part, neither values of dictionaries nor columns.
enum class LeftOut : uint8_t { nothing, some_rows };

// Writes the part into `file` (empty, opened for appending) and syncs it.
struct ComposedPart {
  uint64_t bytes = 0;
  uint64_t rows = 0;
  UnixNanos first, last;
};
Result<ComposedPart> compose_part(File& file, EnvironmentId environment, Signal signal, int32_t day,
                                  std::span<const RowSource> sources, std::span<const GranulePlan> granules,
                                  LeftOut left_out = LeftOut::nothing);

}  // namespace clew::store
