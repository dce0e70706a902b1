// Part: an immutable file of rows, opened for reading. A segment.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "base/file_system.h"
#include "store/columnar/chunk_encoding.h"
#include "store/columnar/origin_columns.h"
#include "store/columnar/part_format.h"
#include "store/columnar/stored_segment.h"

namespace clew::store {

class Part : public StoredSegment, public std::enable_shared_from_this<Part> {
 public:
  // Reads and checks header and footer. Fails with `corrupt` when they are damaged.
  static Result<std::shared_ptr<Part>> open(FileSystem& files, const std::string& path);
  ~Part() override;

  uint64_t id() const override { return id_; }
  std::span<const GranuleInfo> granules() const override { return granule_infos_; }
  std::span<const ColumnInfo> columns() const override { return infos_; }
  std::optional<ZoneMap> zone_map(uint32_t granule, uint32_t column) const override;
  Result<ColumnData> read(uint32_t granule, uint32_t column) const override;
  Result<ColumnData> read_rows(uint32_t granule, uint32_t column,
                               std::span<const uint32_t> rows) const override;
  std::optional<std::span<const std::string_view>> dictionary(uint32_t column) const override;
  bool has_sorted_dictionary(uint32_t column) const override { return column < kept_columns(); }
  Result<std::optional<std::vector<uint64_t>>> rows_with_code(uint32_t granule, uint32_t column,
                                                              uint32_t code) const override;
  std::vector<uint32_t> granules_of_trace(const TraceId& trace) const override;
  uint64_t stored_bytes(uint32_t granule, uint32_t column) const override;

  uint32_t kept_columns() const override { return static_cast<uint32_t>(footer_.columns.size()); }

  uint64_t plain_text_bytes(uint32_t granule) const override;

  const Footer& footer() const { return footer_; }
  // The chunk of a kept column; nullptr when no row of the granule has a value there.
  const Chunk* find_chunk(uint32_t granule, uint32_t column) const;
  const std::string& path() const { return file_->path(); }
  uint64_t file_bytes() const { return file_bytes_; }
  UnixNanos first() const { return first_; }
  UnixNanos last() const { return last_; }

  // The bytes of a piece, checked against its checksum.
  Result<std::string> read_piece(const Piece& piece) const;
  // The dictionary of a physical column, read on first use and kept.
  Result<std::shared_ptr<const Dictionary>> load_dictionary(uint32_t column) const;
  // Reads every piece and decodes every chunk. `corrupt`, with the first fault, when something is damaged.
  Status verify() const;
  // `corrupt`, naming file, piece and granule.
  Status damaged(std::string_view what, uint32_t granule) const;
  // What verify() finds, in all pieces and chunks.
  std::vector<std::string> faults() const;
  std::vector<SetAside> set_aside() const override;
  // Whether something of it is set aside: merges leave such a part as it is.
  bool is_damaged() const { return is_damaged_; }
  // The file is removed when the last reader lets go.
  void remove_when_unused() const { obsolete_ = true; }

 private:
  Part(FileSystem& files, std::unique_ptr<File> file) : files_(files), file_(std::move(file)) {}
  Status load_footer();
  Status load_origins();
  Result<ColumnData> read_column(uint32_t granule, uint32_t column) const;
  Result<ColumnData> read_rows_of_column(uint32_t granule, uint32_t column,
                                         std::span<const uint32_t> rows) const;
  // Passes on what a read has given; a granule whose read failed because of the disk is set aside.
  Result<ColumnData> set_aside_if_damaged(uint32_t granule, Result<ColumnData> data) const;
  Result<ColumnData> read_physical(uint32_t granule, const Chunk& chunk) const;
  // The bytes of a chunk. Those of the origins are kept until another granule's are wanted: every resource
  // attribute of a trace is derived from them.
  Result<std::shared_ptr<const std::string>> read_values(uint32_t granule, const Chunk& chunk) const;
  // The presence bits of a chunk; empty when every row has a value.
  Result<std::vector<uint64_t>> read_presence(uint32_t granule, const Chunk& chunk) const;
  Result<ColumnData> read_physical_rows(uint32_t granule, const Chunk& chunk,
                                        std::span<const uint32_t> rows) const;

  FileSystem& files_;
  std::unique_ptr<File> file_;
  uint64_t id_ = 0;
  uint64_t file_bytes_ = 0;
  Footer footer_;
  UnixNanos first_, last_;
  std::vector<GranuleInfo> granule_infos_;
  std::vector<ColumnInfo> infos_;  // of the footer, then of origins_
  OriginColumns origins_;
  std::optional<uint32_t> origin_column_, span_id_column_;
  std::vector<std::string> trace_filters_;  // by granule; empty: unknown
  mutable std::atomic<bool> obsolete_{false};
  mutable std::atomic<bool> is_damaged_{false};

  mutable std::mutex mutex_;
  // Guarded by mutex_:
  mutable std::vector<std::shared_ptr<const Dictionary>> dictionaries_;
  mutable uint32_t kept_origins_of_ = UINT32_MAX;  // granule
  mutable std::shared_ptr<const std::string> kept_origins_;
  mutable std::vector<SetAside> set_aside_;
};

}  // namespace clew::store
