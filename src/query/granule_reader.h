// GranuleReader: the columns of one granule, each read at most once, and the values that a name has in its
// rows.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"
#include "query/column_binding.h"
#include "query/selection.h"
#include "query/value.h"
#include "store/segment.h"

namespace clew::query {

// The rows to which one candidate gives the value.
struct Piece {
  const store::ColumnData* data = nullptr;
  const Candidate* candidate = nullptr;
  bool own_mask = false;
  std::vector<uint64_t> mask_storage;

  // Empty: every row.
  std::span<const uint64_t> mask() const {
    return own_mask ? std::span(mask_storage) : std::span(data->present);
  }
};

// The values of a name, row by row: no row is in two pieces; a row in none has no value.
using ResolvedColumn = std::vector<Piece>;

class GranuleReader {
 public:
  GranuleReader(const store::Segment& segment, uint32_t granule, Signal signal)
      : segment_(segment), granule_(granule), signal_(signal), rows_(segment.granules()[granule].rows) {}
  // Of some rows (ascending) of the granule, which are rows 0, 1, … here. What `whole` has read is not read
  // again.
  GranuleReader(const GranuleReader& whole, std::vector<uint32_t> rows)
      : segment_(whole.segment_),
        granule_(whole.granule_),
        signal_(whole.signal_),
        rows_(static_cast<uint32_t>(rows.size())),
        whole_(&whole),
        picked_(std::move(rows)) {}

  // Pointers stay valid as long as the reader.
  Result<const store::ColumnData*> read(uint32_t column);
  Result<ResolvedColumn> resolve(const BoundColumn& column);
  // As Segment::rows_with_code(). Nothing also for a part of the rows, or when the column has been read
  // already.
  Result<std::optional<std::vector<uint64_t>>> rows_with_code(uint32_t column, uint32_t code);
  // Whether some row may have a value from this candidate.
  bool may_have(const Candidate& candidate) const {
    if (candidate.derivation == Derivation::calculated) return true;
    return segment_.zone_map(granule_, candidate.column).has_value();
  }

  const store::Segment& segment() const { return segment_; }
  uint32_t granule() const { return granule_; }
  uint32_t rows() const { return rows_; }
  // The number of a row in the granule.
  uint32_t row_in_granule(uint32_t row) const { return whole_ == nullptr ? row : picked_[row]; }
  uint64_t bytes_read() const { return bytes_read_; }

 private:
  // Null when a calculated field has no value of this type.
  Result<const store::ColumnData*> read_candidate(const Candidate& candidate);
  Result<const store::ColumnData*> read_calculated(const Candidate& candidate);
  Result<store::ColumnData> fetch(uint32_t column);
  const store::ColumnData* held(uint32_t column, Derivation derivation) const;
  Result<store::ColumnData> derive(const Candidate& candidate);
  Result<store::ColumnData> derive_missing(const Candidate& candidate);

  struct Held {
    uint32_t column;
    Derivation derivation;
    std::unique_ptr<store::ColumnData> data;
  };
  const store::Segment& segment_;
  uint32_t granule_;
  Signal signal_;
  uint32_t rows_;
  const GranuleReader* whole_ = nullptr;
  std::vector<uint32_t> picked_;
  uint64_t bytes_read_ = 0;
  std::vector<Held> held_;
  struct Computed {
    const ComputedColumn* column;
    std::vector<store::ColumnData> by_type;
  };
  std::deque<Computed> computed_;
};

// A value of a column as it appears in results; the row must have one.
Value value_at(const store::ColumnData& data, uint32_t row);

}  // namespace clew::query
