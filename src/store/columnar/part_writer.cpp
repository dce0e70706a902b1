#include "store/columnar/part_writer.h"

#include <algorithm>
#include <bit>

#include "store/columnar/byte_coding.h"
#include "store/columnar/chunk_encoding.h"
#include "store/columnar/compressed_bytes.h"
#include "store/columnar/integer_encoding.h"
#include "store/columnar/part.h"
#include "store/columnar/trace_filter.h"
#include "telemetry/semantic_names.h"

namespace clew::store {
namespace {

constexpr size_t kWriteBytes = 1 << 20;  // few large writes; a granule is about as large

std::string_view as_bytes(const std::vector<uint64_t>& words) {
  return {reinterpret_cast<const char*>(words.data()), words.size() * sizeof(uint64_t)};
}

uint32_t values_in(const CompactColumn& column) {
  switch (column.info.type) {
    case ColumnType::int64:
    case ColumnType::time:
    case ColumnType::duration:
      return static_cast<uint32_t>(column.integers.size());
    case ColumnType::float64:
      return static_cast<uint32_t>(column.floats.size());
    case ColumnType::boolean:
      return static_cast<uint32_t>(column.booleans.size());
    case ColumnType::span_id:
      return static_cast<uint32_t>(column.ids.size());
    default:
      return static_cast<uint32_t>(column.codes.empty() ? column.strings.size() : column.codes.size());
  }
}

void set_range(const CompactColumn& column, Chunk& chunk) {
  if (!column.integers.empty()) {
    const auto [low, high] = std::minmax_element(column.integers.begin(), column.integers.end());
    chunk.minimum = *low;
    chunk.maximum = *high;
  } else if (!column.floats.empty() &&
             std::none_of(column.floats.begin(), column.floats.end(), [](double v) { return v != v; })) {
    const auto [low, high] = std::minmax_element(column.floats.begin(), column.floats.end());
    chunk.minimum = std::bit_cast<int64_t>(*low);
    chunk.maximum = std::bit_cast<int64_t>(*high);
  }
}

bool is_intrinsic(const ColumnInfo& info, std::string_view name) {
  return info.scope == Scope::intrinsic && info.name == name;
}

}  // namespace

std::string encode_dictionary(std::span<const std::string_view> values) {
  std::vector<uint32_t> sizes(values.size());
  std::string bytes;
  for (size_t i = 0; i < values.size(); ++i) {
    sizes[i] = static_cast<uint32_t>(values[i].size());
    bytes += values[i];
  }
  std::string out;
  append_codes(out, sizes);
  append_compressed(out, bytes);
  return out;
}

std::shared_ptr<const Dictionary> decode_dictionary(std::string_view encoded, uint32_t entries) {
  ByteReader reader(encoded);
  auto dictionary = std::make_shared<Dictionary>();
  std::vector<uint32_t> sizes(entries);
  if (!consume_codes(reader, sizes) || !consume_compressed(reader, kMaxPieceBytes, dictionary->bytes))
    return nullptr;
  dictionary->values.reserve(entries);
  std::string_view rest = dictionary->bytes;
  for (const uint32_t size : sizes) {
    if (size > rest.size()) return nullptr;
    dictionary->values.push_back(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  return dictionary;
}

PartWriter::PartWriter(File& file, EnvironmentId environment, Signal signal, int32_t day) : file_(file) {
  footer_.environment = environment;
  footer_.signal = signal;
  footer_.day = day;
  pending_ = kPartMagic;
  append_fixed(pending_, kPartVersion);
  append_fixed(pending_, uint32_t{0});
}

Piece PartWriter::place(std::string_view bytes) {
  const Piece piece{written_ + pending_.size(), static_cast<uint32_t>(bytes.size()), checksum_of(bytes)};
  pending_ += bytes;
  return piece;
}

Status PartWriter::flush_if_large() {
  if (pending_.size() < kWriteBytes) return {};
  CLEW_TRY(file_.append(pending_));
  written_ += pending_.size();
  pending_.clear();
  return {};
}

Result<uint32_t> PartWriter::add_column(ColumnInfo info,
                                        std::optional<std::span<const std::string_view>> dictionary) {
  PartColumn column;
  column.info = std::move(info);
  if (dictionary) {
    column.dictionary = place(encode_dictionary(*dictionary));
    column.dictionary_entries = static_cast<uint32_t>(dictionary->size());
  }
  footer_.columns.push_back(std::move(column));
  CLEW_TRY(flush_if_large());
  return static_cast<uint32_t>(footer_.columns.size() - 1);
}

void PartWriter::set_granules(std::span<const uint32_t> rows) {
  footer_.granules.resize(rows.size());
  presences_.resize(rows.size());
  span_ids_.resize(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    footer_.granules[i].info.rows = rows[i];
    footer_.rows += rows[i];
  }
}

Status PartWriter::add_chunk(uint32_t number, uint32_t column, const CompactColumn& values) {
  PartGranule& granule = footer_.granules[number];
  Chunk chunk;
  chunk.column = column;
  chunk.count = values_in(values);
  if (chunk.count == 0) return {};
  if (!values.present.empty()) {
    const auto [known, is_new] = presences_[number].try_emplace(std::string(as_bytes(values.present)), 0);
    if (is_new) {
      scratch_.clear();
      append_compressed(scratch_, known->first);
      granule.presences.push_back(place(scratch_));
      known->second = static_cast<uint32_t>(granule.presences.size());
    }
    chunk.presence = known->second;
  }
  set_range(values, chunk);
  scratch_.clear();
  const CompactColumn* span_ids = span_ids_[number] ? &*span_ids_[number] : nullptr;
  chunk.form = append_chunk_values(scratch_, values, footer_.columns[column].dictionary.has_value(), span_ids,
                                   granule.info.rows);
  chunk.piece = place(scratch_);
  granule.chunks.push_back(chunk);
  if (is_intrinsic(values.info, names::kTime)) {
    granule.info.first = {chunk.minimum.value_or(0)};
    granule.info.last = {chunk.maximum.value_or(0)};
  }
  if (is_intrinsic(values.info, names::kTraceId))
    granule.trace_filter = place(build_trace_filter(values.strings));
  if (is_intrinsic(values.info, names::kSpanId)) span_ids_[number] = values;
  return flush_if_large();
}

Status PartWriter::copy_frame(uint32_t number, const Part& from, uint32_t from_granule) {
  const PartGranule& source = from.footer().granules[from_granule];
  PartGranule& granule = footer_.granules[number];
  granule.info = source.info;
  for (const Piece& piece : source.presences) {
    CLEW_ASSIGN(const std::string bytes, from.read_piece(piece));
    granule.presences.push_back(place(bytes));
  }
  if (source.trace_filter) {
    CLEW_ASSIGN(const std::string bytes, from.read_piece(*source.trace_filter));
    granule.trace_filter = place(bytes);
  }
  return flush_if_large();
}

Status PartWriter::copy_chunk(uint32_t number, uint32_t column, const Part& from, uint32_t from_granule,
                              const Chunk& old, std::span<const uint32_t> translate) {
  Chunk chunk = old;
  chunk.column = column;
  CLEW_ASSIGN(const std::string bytes, from.read_piece(old.piece));
  if (old.form == ChunkForm::codes) {
    std::vector<uint32_t> codes(old.count);
    ByteReader reader(bytes);
    if (!consume_codes(reader, codes)) return from.damaged("codes", from_granule);
    for (uint32_t& code : codes) {
      if (code >= translate.size()) return from.damaged("codes", from_granule);
      code = translate[code];
    }
    scratch_.clear();
    append_codes(scratch_, codes);
    chunk.piece = place(scratch_);
  } else {
    chunk.piece = place(bytes);
  }
  footer_.granules[number].chunks.push_back(chunk);
  return flush_if_large();
}

Result<uint64_t> PartWriter::finish() {
  for (PartGranule& granule : footer_.granules)
    std::sort(granule.chunks.begin(), granule.chunks.end(),
              [](const Chunk& a, const Chunk& b) { return a.column < b.column; });
  const std::string footer = encode_footer(footer_);
  if (footer.size() > kMaxFooterBytes)
    return Status(ErrorKind::internal, "part footer larger than its limit");
  pending_ += footer;
  append_fixed(pending_, static_cast<uint32_t>(footer.size()));
  append_fixed(pending_, checksum_of(footer));
  pending_ += kPartTail;
  CLEW_TRY(file_.append(pending_));
  written_ += pending_.size();
  pending_.clear();
  CLEW_TRY(file_.sync());
  return written_;
}

}  // namespace clew::store
