// Block: rows in memory that will never change again; a segment of one granule.
#pragma once

#include <memory>
#include <vector>

#include "store/columnar/block_builder.h"
#include "store/columnar/origin_columns.h"
#include "store/columnar/stored_segment.h"

namespace clew::store {

class Block : public StoredSegment, public std::enable_shared_from_this<Block> {
 public:
  // At least one row.
  static std::shared_ptr<const Block> freeze(BlockBuilder builder);

  uint64_t id() const override { return id_; }
  std::span<const GranuleInfo> granules() const override { return {&granule_, 1}; }
  std::span<const ColumnInfo> columns() const override { return infos_; }
  std::optional<ZoneMap> zone_map(uint32_t granule, uint32_t column) const override;
  Result<ColumnData> read(uint32_t granule, uint32_t column) const override;
  std::optional<std::span<const std::string_view>> dictionary(uint32_t column) const override;
  std::vector<uint32_t> granules_of_trace(const TraceId& trace) const override;
  uint64_t stored_bytes(uint32_t, uint32_t) const override { return 0; }

  uint32_t kept_columns() const override { return static_cast<uint32_t>(built_.size()); }

  uint64_t plain_text_bytes(uint32_t granule) const override;

  uint32_t rows() const { return granule_.rows; }
  size_t bytes() const { return bytes_; }

 private:
  Block() = default;
  const ColumnBuilder* find(Intrinsic column) const;

  uint64_t id_ = 0;
  GranuleInfo granule_;
  size_t bytes_ = 0;
  std::vector<std::unique_ptr<ColumnBuilder>> built_;
  OriginColumns origins_;
  std::vector<ColumnInfo> infos_;  // of built_, then of origins_
};

// A number no segment had before.
uint64_t next_segment_id();

}  // namespace clew::store
