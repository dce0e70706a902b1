#include "store/columnar/part.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "base/log.h"
#include "store/columnar/block.h"
#include "store/columnar/byte_coding.h"
#include "store/columnar/compressed_bytes.h"
#include "store/columnar/part_writer.h"
#include "store/columnar/trace_filter.h"
#include "telemetry/semantic_names.h"

namespace clew::store {

Result<std::shared_ptr<Part>> Part::open(FileSystem& files, const std::string& path) {
  CLEW_ASSIGN(std::unique_ptr<File> file, files.open(path, OpenMode::read));
  std::shared_ptr<Part> part(new Part(files, std::move(file)));
  part->id_ = next_segment_id();
  CLEW_TRY(part->load_footer());
  CLEW_TRY(part->load_origins());
  return part;
}

Part::~Part() {
  if (!obsolete_) return;
  if (Status status = files_.remove(path()); !status.ok()) log_warning("store", status.message());
}

Status Part::load_footer() {
  CLEW_ASSIGN(file_bytes_, file_->size());
  if (file_bytes_ < kPartHeaderBytes + kPartTailBytes)
    return Status(ErrorKind::corrupt, fmt::format("part {} is cut short: {} bytes", path(), file_bytes_));
  CLEW_ASSIGN(const std::string header, file_->read_at(0, kPartHeaderBytes));
  ByteReader head(header);
  const bool magic = head.consume_bytes(kPartMagic.size()) == kPartMagic;
  const auto version = head.consume_fixed<uint32_t>(), zero = head.consume_fixed<uint32_t>();
  if (!magic || zero != 0 || version == 0)
    return Status(ErrorKind::corrupt, fmt::format("part {} does not begin like a part", path()));
  if (version > kPartVersion)
    return Status(ErrorKind::unsupported,
                  fmt::format("part {} has format version {}, this clew reads up to {}: use a newer clew",
                              path(), version, kPartVersion));
  CLEW_ASSIGN(const std::string tail, file_->read_at(file_bytes_ - kPartTailBytes, kPartTailBytes));
  ByteReader end(tail);
  const auto footer_bytes = end.consume_fixed<uint32_t>(), checksum = end.consume_fixed<uint32_t>();
  if (end.rest() != kPartTail || footer_bytes > kMaxFooterBytes ||
      footer_bytes > file_bytes_ - kPartHeaderBytes - kPartTailBytes)
    return Status(ErrorKind::corrupt, fmt::format("part {} does not end like a part", path()));
  CLEW_ASSIGN(const std::string footer,
              file_->read_at(file_bytes_ - kPartTailBytes - footer_bytes, footer_bytes));
  if (checksum_of(footer) != checksum)
    return Status(ErrorKind::corrupt,
                  fmt::format("part {} is damaged: its footer fails its checksum", path()));
  auto decoded = decode_footer(footer);
  if (!decoded.ok()) return std::move(decoded).status().within(path());
  footer_ = std::move(decoded).value();

  first_ = {INT64_MAX};
  last_ = {INT64_MIN};
  for (uint32_t number = 0; number < footer_.granules.size(); ++number) {
    const PartGranule& granule = footer_.granules[number];
    granule_infos_.push_back(granule.info);
    first_ = std::min(first_, granule.info.first);
    last_ = std::max(last_, granule.info.last);
    trace_filters_.emplace_back();
    if (granule.trace_filter) {
      CLEW_ASSIGN(trace_filters_.back(), read_piece(*granule.trace_filter));
    }
  }
  for (uint32_t column = 0; column < footer_.columns.size(); ++column) {
    const ColumnInfo& info = footer_.columns[column].info;
    infos_.push_back(info);
    if (info.scope != Scope::intrinsic) continue;
    if (info.name == names::kOrigin) origin_column_ = column;
    if (info.name == names::kSpanId) span_id_column_ = column;
  }
  dictionaries_.resize(footer_.columns.size());
  return {};
}

Status Part::load_origins() {
  if (!origin_column_ || !footer_.columns[*origin_column_].dictionary) return {};
  CLEW_ASSIGN(const auto envelopes, load_dictionary(*origin_column_));
  origins_ = OriginColumns(envelopes->values);
  for (size_t i = 0; i < origins_.size(); ++i) infos_.push_back(origins_.info(i));
  return {};
}

Result<std::string> Part::read_piece(const Piece& piece) const {
  if (piece.offset > file_bytes_ || piece.size > file_bytes_ - piece.offset)
    return Status(ErrorKind::corrupt, fmt::format("part {} names {} bytes at {}, beyond its end", path(),
                                                  piece.size, piece.offset));
  CLEW_ASSIGN(std::string bytes, file_->read_at(piece.offset, piece.size));
  if (checksum_of(bytes) == piece.checksum) return bytes;
  return Status(ErrorKind::corrupt, fmt::format("part {} is damaged: {} bytes at {} fail their checksum",
                                                path(), piece.size, piece.offset));
}

Result<std::shared_ptr<const Dictionary>> Part::load_dictionary(uint32_t column) const {
  {
    const std::lock_guard lock(mutex_);
    if (dictionaries_[column]) return dictionaries_[column];
  }
  const PartColumn& info = footer_.columns[column];
  if (!info.dictionary)
    return Status(ErrorKind::internal, fmt::format("column {} has no dictionary", info.info.name));
  CLEW_ASSIGN(const std::string encoded, read_piece(*info.dictionary));
  auto dictionary = decode_dictionary(encoded, info.dictionary_entries);
  if (!dictionary) return damaged("dictionary", 0);
  const std::lock_guard lock(mutex_);
  if (!dictionaries_[column]) dictionaries_[column] = std::move(dictionary);
  return dictionaries_[column];
}

const Chunk* Part::find_chunk(uint32_t granule, uint32_t column) const {
  const std::vector<Chunk>& chunks = footer_.granules[granule].chunks;
  const auto found =
      std::lower_bound(chunks.begin(), chunks.end(), column,
                       [](const Chunk& chunk, uint32_t wanted) { return chunk.column < wanted; });
  return found != chunks.end() && found->column == column ? &*found : nullptr;
}

std::optional<ZoneMap> Part::zone_map(uint32_t granule, uint32_t column) const {
  ZoneMap zone;
  if (column >= footer_.columns.size()) {
    zone.present = footer_.granules[granule].info.rows;
    return zone;
  }
  const Chunk* chunk = find_chunk(granule, column);
  if (chunk == nullptr) return std::nullopt;
  zone.present = chunk->count;
  if (!chunk->minimum) return zone;
  if (chunk->form == ChunkForm::integers) {
    zone.integer_min = chunk->minimum;
    zone.integer_max = chunk->maximum;
  } else {
    zone.float_min = std::bit_cast<double>(*chunk->minimum);
    zone.float_max = std::bit_cast<double>(*chunk->maximum);
  }
  return zone;
}

Result<ColumnData> Part::read(uint32_t granule, uint32_t column) const {
  return set_aside_if_damaged(granule, read_column(granule, column));
}

Result<ColumnData> Part::read_column(uint32_t granule, uint32_t column) const {
  if (column < footer_.columns.size()) {
    const Chunk* chunk = find_chunk(granule, column);
    if (chunk == nullptr)
      return Status(ErrorKind::internal, "read of a column that has no values in the granule");
    return read_physical(granule, *chunk);
  }
  const Chunk* origin = find_chunk(granule, *origin_column_);
  if (origin == nullptr) return damaged("origin", granule);
  CLEW_ASSIGN(const ColumnData codes, read_physical(granule, *origin));
  return origins_.expand(column - footer_.columns.size(), codes.codes, shared_from_this());
}

Result<std::vector<uint64_t>> Part::read_presence(uint32_t granule, const Chunk& chunk) const {
  std::vector<uint64_t> present;
  if (chunk.presence == 0) return present;
  const PartGranule& meta = footer_.granules[granule];
  CLEW_ASSIGN(const std::string encoded, read_piece(meta.presences[chunk.presence - 1]));
  std::string bytes;
  ByteReader reader(encoded);
  present.resize((meta.info.rows + 63) / 64);
  if (!consume_compressed(reader, present.size() * 8, bytes) || bytes.size() != present.size() * 8)
    return damaged("presence", granule);
  std::memcpy(present.data(), bytes.data(), bytes.size());
  uint64_t set = 0;
  for (const uint64_t word : present) set += static_cast<uint64_t>(std::popcount(word));
  if (set != chunk.count || (meta.info.rows % 64 != 0 && present.back() >> (meta.info.rows % 64) != 0))
    return damaged("presence", granule);
  return present;
}

Result<ColumnData> Part::read_physical(uint32_t granule, const Chunk& chunk) const {
  const PartGranule& meta = footer_.granules[granule];
  ChunkContext context;
  context.rows = meta.info.rows;
  context.count = chunk.count;
  CLEW_ASSIGN(const std::vector<uint64_t> present, read_presence(granule, chunk));
  if (chunk.presence != 0) context.present = &present;
  if (chunk.form == ChunkForm::codes) {
    CLEW_ASSIGN(context.dictionary, load_dictionary(chunk.column));
  }
  ColumnData span_ids;
  if (chunk.form == ChunkForm::parent_rows) {
    const Chunk* ids = span_id_column_ ? find_chunk(granule, *span_id_column_) : nullptr;
    if (ids == nullptr || ids->form != ChunkForm::span_ids) return damaged("span ids", granule);
    CLEW_ASSIGN(span_ids, read_physical(granule, *ids));
    context.span_ids = &span_ids;
  }
  CLEW_ASSIGN(const std::string bytes, read_piece(chunk.piece));
  ColumnData data;
  const ColumnInfo& info = footer_.columns[chunk.column].info;
  if (!decode_chunk_values(bytes, chunk.form, info.type, context, data)) return damaged(info.name, granule);
  return data;
}

std::optional<std::span<const std::string_view>> Part::dictionary(uint32_t column) const {
  if (column >= footer_.columns.size()) {
    if (!is_stringlike(infos_[column].type)) return std::nullopt;
    return origins_.dictionary(column - footer_.columns.size());
  }
  if (!footer_.columns[column].dictionary) return std::nullopt;
  const auto loaded = load_dictionary(column);
  if (!loaded.ok()) return std::nullopt;
  return std::span((*loaded)->values);
}

std::vector<uint32_t> Part::granules_of_trace(const TraceId& trace) const {
  std::vector<uint32_t> found;
  for (uint32_t granule = 0; granule < trace_filters_.size(); ++granule) {
    if (!footer_.granules[granule].trace_filter) continue;  // no row there has a trace id
    if (may_contain(trace_filters_[granule], trace)) found.push_back(granule);
  }
  return found;
}

uint64_t Part::plain_text_bytes(uint32_t granule) const {
  // How well it was compressed is not worth a look: texts mostly are four times as long.
  constexpr uint64_t kCompression = 4;
  uint64_t bytes = 0;
  for (const Chunk& chunk : footer_.granules[granule].chunks) {
    if (chunk.form == ChunkForm::strings) bytes += chunk.piece.size * kCompression;
  }
  return bytes;
}

uint64_t Part::stored_bytes(uint32_t granule, uint32_t column) const {
  const Chunk* chunk =
      find_chunk(granule, column < footer_.columns.size() ? column : origin_column_.value_or(column));
  return chunk == nullptr ? 0 : chunk->piece.size;
}

}  // namespace clew::store
