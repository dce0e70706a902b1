// GranuleRows: one granule with all its columns decoded, for what needs whole rows again (otlp_encoder.h).
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/columnar/intrinsics.h"
#include "store/columnar/stored_segment.h"
#include "telemetry/protobuf_writer.h"

namespace clew::store {

class GranuleRows {
 public:
  static Result<GranuleRows> read(const StoredSegment& segment, uint32_t granule);

  uint32_t rows() const { return rows_; }
  bool has(Intrinsic column, uint32_t row) const;
  // 0, "", false where the row has no value.
  int64_t integer(Intrinsic column, uint32_t row) const;
  double floating(Intrinsic column, uint32_t row) const;
  std::string_view text(Intrinsic column, uint32_t row) const;
  // Resource and scope of the row: see origin.h.
  std::string_view envelope(uint32_t row) const { return text(Intrinsic::origin, row); }

  // The attributes of the row, each as a KeyValue in `field`. What was a map is several attributes with dots
  // in their names: that is how the store keeps them.
  void write_attributes(ProtobufWriter& to, uint32_t field, uint32_t row) const;
  // The body of a log record as an AnyValue in `field`; nothing when it had none.
  void write_body(ProtobufWriter& to, uint32_t field, uint32_t row) const;

 private:
  struct Named {
    std::string_view name;
    ColumnData data;
  };
  uint32_t rows_ = 0;
  std::array<std::optional<ColumnData>, kIntrinsicCount> intrinsics_;
  std::vector<Named> attributes_;
  std::vector<Named> bodies_;  // one for each type
};

}  // namespace clew::store
