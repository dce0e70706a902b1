// StoredSegment: a segment of this store, as sealing and merging see it.
#pragma once

#include <memory>

#include "store/segment.h"

namespace clew::store {

class StoredSegment : public Segment {
 public:
  // The first so many of columns() are kept; those behind them derive from the origin.
  virtual uint32_t kept_columns() const = 0;
  // About how many bytes a granule has of texts without a dictionary: log lines, URLs with ids.
  virtual uint64_t plain_text_bytes(uint32_t granule) const = 0;
};

// One granule of a segment as a source of rows.
struct RowSource {
  std::shared_ptr<const StoredSegment> segment;
  uint32_t granule = 0;

  uint32_t rows() const { return segment->granules()[granule].rows; }
  uint64_t plain_text_bytes() const { return segment->plain_text_bytes(granule); }
};

// A row of the source with this position in a list.
struct RowReference {
  uint32_t source = 0;
  uint32_t row = 0;
};

}  // namespace clew::store
