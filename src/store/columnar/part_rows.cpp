// Part::read_rows() and rows_with_code(): some rows of a column without decoding all of it, where the form of
// the chunk allows.
#include <algorithm>
#include <bit>
#include <cstring>

#include "store/columnar/byte_coding.h"
#include "store/columnar/compressed_bytes.h"
#include "store/columnar/integer_encoding.h"
#include "store/columnar/part.h"

namespace clew::store {
namespace {

// Which of the wanted rows have a value, and where it stands among the values of the chunk.
struct Positions {
  std::vector<uint32_t> rows;       // positions in the list of wanted rows
  std::vector<uint32_t> positions;  // among the values
};

Positions positions_of(std::span<const uint32_t> rows, const std::vector<uint64_t>& present) {
  Positions found;
  uint32_t passed = 0;  // values before `word`
  size_t word = 0;
  for (uint32_t i = 0; i < rows.size(); ++i) {
    if (present.empty()) {
      found.rows.push_back(i);
      found.positions.push_back(rows[i]);
      continue;
    }
    for (; word < rows[i] / 64; ++word) passed += static_cast<uint32_t>(std::popcount(present[word]));
    const uint64_t bit = uint64_t{1} << (rows[i] % 64);
    if ((present[word] & bit) == 0) continue;
    found.rows.push_back(i);
    found.positions.push_back(passed + static_cast<uint32_t>(std::popcount(present[word] & (bit - 1))));
  }
  return found;
}

// The span ids of a granule as they are stored, for looking some up by row.
struct ParentSource {
  std::string raw;
  std::vector<uint64_t> present;  // empty: every row has one

  std::optional<std::string_view> id_of(uint32_t row) const {
    size_t position = row;
    if (!present.empty()) {
      const uint64_t bit = uint64_t{1} << (row % 64);
      if ((present[row / 64] & bit) == 0) return std::nullopt;
      position = static_cast<size_t>(std::popcount(present[row / 64] & (bit - 1)));
      for (uint32_t word = 0; word < row / 64; ++word)
        position += static_cast<size_t>(std::popcount(present[word]));
    }
    if (raw.size() / sizeof(SpanId) <= position) return std::nullopt;
    return std::string_view(raw).substr(position * sizeof(SpanId), sizeof(SpanId));
  }
};

// From one bit for each value to one bit for each row.
std::vector<uint64_t> spread_bits(std::span<const uint64_t> of_values, std::span<const uint64_t> present) {
  std::vector<uint64_t> of_rows(present.size());
  size_t value = 0;
  for (size_t word = 0; word < present.size(); ++word) {
    const auto count = static_cast<size_t>(std::popcount(present[word]));
    if (count == 0) continue;
    // The next `count` bits; mostly none is set.
    uint64_t bits = of_values[value / 64] >> (value % 64);
    if (value % 64 + count > 64) bits |= of_values[value / 64 + 1] << (64 - value % 64);
    if (count < 64) bits &= (uint64_t{1} << count) - 1;
    value += count;
    for (uint64_t rows = present[word]; bits != 0; rows &= rows - 1, bits >>= 1) {
      if ((bits & 1) != 0) of_rows[word] |= rows & (~rows + 1);
    }
  }
  return of_rows;
}

// Puts values where their rows are.
template <typename From, typename To>
void place(const std::vector<From>& values, const Positions& at, size_t rows, std::vector<To>& to) {
  to.resize(rows);
  for (size_t i = 0; i < values.size(); ++i) to[at.rows[i]] = static_cast<To>(values[i]);
}

bool take_codes(ByteReader& reader, size_t count, const Positions& at, std::vector<uint32_t>& codes) {
  codes.resize(at.positions.size());
  return consume_codes_at(reader, count, at.positions, codes);
}

bool take_ids(ByteReader& reader, size_t count, const Positions& at, size_t rows, ColumnData& data) {
  const std::string_view raw = reader.consume_bytes(count * sizeof(SpanId));
  if (!reader.ok()) return false;
  auto bytes = std::make_shared<std::string>();
  bytes->reserve(at.positions.size() * sizeof(SpanId));
  for (const uint32_t position : at.positions)
    *bytes += raw.substr(position * sizeof(SpanId), sizeof(SpanId));
  data.strings.resize(rows);
  for (size_t i = 0; i < at.rows.size(); ++i)
    data.strings[at.rows[i]] = std::string_view(*bytes).substr(i * sizeof(SpanId), sizeof(SpanId));
  data.owner = std::move(bytes);
  return true;
}

bool take_trace_ids(ByteReader& reader, size_t count, const Positions& at, size_t rows, ColumnData& data) {
  const uint64_t distinct = reader.consume_count(count);
  const std::string_view raw = reader.consume_bytes(distinct * sizeof(TraceId));
  std::vector<uint32_t> codes;
  if (!reader.ok() || !take_codes(reader, count, at, codes)) return false;
  auto bytes = std::make_shared<std::string>();
  bytes->reserve(codes.size() * sizeof(TraceId));
  for (const uint32_t code : codes) {
    if (code >= distinct) return false;
    *bytes += raw.substr(code * sizeof(TraceId), sizeof(TraceId));
  }
  data.strings.resize(rows);
  for (size_t i = 0; i < at.rows.size(); ++i)
    data.strings[at.rows[i]] = std::string_view(*bytes).substr(i * sizeof(TraceId), sizeof(TraceId));
  data.owner = std::move(bytes);
  return true;
}

// Of the blocks of text only those are decompressed that have a wanted value.
bool take_strings(ByteReader& reader, size_t count, const Positions& at, size_t rows, ColumnData& data) {
  thread_local std::vector<uint32_t> sizes;
  thread_local std::string text;
  sizes.resize(count);
  if (!consume_codes(reader, sizes)) return false;
  auto bytes = std::make_shared<std::string>();
  std::vector<size_t> ends;
  for (size_t first = 0; ends.size() < at.positions.size();) {
    const uint64_t values = reader.consume_varint();
    if (!reader.ok() || values == 0 || values > count - first) return false;
    const size_t end = first + values;
    if (at.positions[ends.size()] >= end) {
      skip_compressed(reader);
      first = end;
      continue;
    }
    if (!consume_compressed(reader, kMaxPieceBytes, text)) return false;
    size_t begin = 0;
    for (; first < end; ++first) {
      if (sizes[first] > text.size() - begin) return false;
      if (ends.size() < at.positions.size() && first == at.positions[ends.size()]) {
        bytes->append(text, begin, sizes[first]);
        ends.push_back(bytes->size());
      }
      begin += sizes[first];
    }
  }
  data.strings.resize(rows);
  for (size_t i = 0, begin = 0; i < at.rows.size(); begin = ends[i++])
    data.strings[at.rows[i]] = std::string_view(*bytes).substr(begin, ends[i] - begin);
  data.owner = std::move(bytes);
  return true;
}

// The parents that are in the granule are told by a distance each, the others by ids that follow in order.
bool take_parents(ByteReader& reader, const PartGranule& granule, const Chunk& chunk, const Positions& at,
                  std::span<const uint32_t> rows, const ParentSource& source, ColumnData& data) {
  thread_local std::vector<uint32_t> distances;
  distances.resize(chunk.count);
  if (!consume_codes(reader, distances)) return false;
  auto bytes = std::make_shared<std::string>();
  bytes->reserve(at.positions.size() * sizeof(SpanId));
  size_t elsewhere = 0, passed = 0;
  for (size_t i = 0; i < at.positions.size(); ++i) {
    for (; passed < at.positions[i]; ++passed) elsewhere += distances[passed] == 0;
    const int64_t distance = unzigzag(distances[passed]);
    if (distance == 0) {
      const std::string_view ids = reader.rest();
      if (ids.size() / sizeof(SpanId) <= elsewhere) return false;
      *bytes += ids.substr(elsewhere * sizeof(SpanId), sizeof(SpanId));
      continue;
    }
    const int64_t row = int64_t{rows[at.rows[i]]} - distance;
    if (row < 0 || row >= granule.info.rows) return false;
    const std::optional<std::string_view> id = source.id_of(static_cast<uint32_t>(row));
    if (!id) return false;
    *bytes += *id;
  }
  data.strings.resize(rows.size());
  for (size_t i = 0; i < at.rows.size(); ++i)
    data.strings[at.rows[i]] = std::string_view(*bytes).substr(i * sizeof(SpanId), sizeof(SpanId));
  data.owner = std::move(bytes);
  return true;
}

bool has_short_way(ChunkForm form) {
  return form == ChunkForm::integers || form == ChunkForm::booleans || form == ChunkForm::codes ||
         form == ChunkForm::strings || form == ChunkForm::trace_ids || form == ChunkForm::span_ids ||
         form == ChunkForm::parent_rows;
}

}  // namespace

Result<ColumnData> Part::read_rows(uint32_t granule, uint32_t column, std::span<const uint32_t> rows) const {
  return set_aside_if_damaged(granule, read_rows_of_column(granule, column, rows));
}

Result<ColumnData> Part::read_rows_of_column(uint32_t granule, uint32_t column,
                                             std::span<const uint32_t> rows) const {
  const bool kept = column < footer_.columns.size();
  const Chunk* chunk = find_chunk(granule, kept ? column : *origin_column_);
  if (chunk == nullptr)
    return kept ? Status(ErrorKind::internal, "read of a column that has no values in the granule")
                : damaged("origin", granule);
  CLEW_ASSIGN(ColumnData data, read_physical_rows(granule, *chunk, rows));
  if (kept) return data;
  return origins_.expand(column - footer_.columns.size(), data.codes, shared_from_this());
}

Result<std::optional<std::vector<uint64_t>>> Part::rows_with_code(uint32_t granule, uint32_t column,
                                                                  uint32_t code) const {
  const Chunk* chunk = column < kept_columns() ? find_chunk(granule, column) : nullptr;
  if (chunk == nullptr || chunk->form != ChunkForm::codes) return std::optional<std::vector<uint64_t>>();
  CLEW_ASSIGN(const std::string bytes, read_piece(chunk->piece));
  ByteReader reader(bytes);
  std::vector<uint64_t> found((chunk->count + 63) / 64);
  if (!find_code(reader, chunk->count, code, found))
    return damaged(footer_.columns[column].info.name, granule);
  const bool any = std::any_of(found.begin(), found.end(), [](uint64_t word) { return word != 0; });
  if (chunk->presence == 0 || !any) {
    found.resize((footer_.granules[granule].info.rows + 63) / 64);
    return std::optional(std::move(found));
  }
  CLEW_ASSIGN(const std::vector<uint64_t> present, read_presence(granule, *chunk));
  return std::optional(spread_bits(found, present));
}

Result<std::shared_ptr<const std::string>> Part::read_values(uint32_t granule, const Chunk& chunk) const {
  const bool is_origin = chunk.column == origin_column_;
  if (is_origin) {
    const std::lock_guard lock(mutex_);
    if (kept_origins_of_ == granule) return kept_origins_;
  }
  CLEW_ASSIGN(std::string bytes, read_piece(chunk.piece));
  auto values = std::make_shared<const std::string>(std::move(bytes));
  if (is_origin) {
    const std::lock_guard lock(mutex_);
    kept_origins_of_ = granule;
    kept_origins_ = values;
  }
  return values;
}

Result<ColumnData> Part::read_physical_rows(uint32_t granule, const Chunk& chunk,
                                            std::span<const uint32_t> rows) const {
  if (!has_short_way(chunk.form)) {
    CLEW_ASSIGN(const ColumnData all, read_physical(granule, chunk));
    return pick_rows(all, rows);
  }
  CLEW_ASSIGN(const std::vector<uint64_t> present, read_presence(granule, chunk));
  CLEW_ASSIGN(const std::shared_ptr<const std::string> bytes, read_values(granule, chunk));
  const Positions at = positions_of(rows, present);
  ColumnData data;
  data.type = footer_.columns[chunk.column].info.type;
  data.rows = static_cast<uint32_t>(rows.size());
  if (!present.empty()) {
    data.present.resize((rows.size() + 63) / 64);
    for (const uint32_t row : at.rows) data.present[row >> 6] |= uint64_t{1} << (row & 63);
  }
  ByteReader reader(*bytes);
  bool understood = false;
  std::vector<uint32_t> codes;
  switch (chunk.form) {
    case ChunkForm::integers: {
      std::vector<int64_t> values(at.positions.size());
      understood = consume_integers_at(reader, chunk.count, at.positions, values);
      place(values, at, rows.size(), data.integers);
      break;
    }
    case ChunkForm::booleans:
      understood = take_codes(reader, chunk.count, at, codes);
      place(codes, at, rows.size(), data.booleans);
      break;
    case ChunkForm::codes: {
      CLEW_ASSIGN(const std::shared_ptr<const Dictionary> dictionary, load_dictionary(chunk.column));
      understood = take_codes(reader, chunk.count, at, codes);
      for (const uint32_t code : codes) understood = understood && code < dictionary->values.size();
      place(codes, at, rows.size(), data.codes);
      data.dictionary = dictionary->values;
      data.owner = dictionary;
      break;
    }
    case ChunkForm::strings:
      understood = take_strings(reader, chunk.count, at, rows.size(), data);
      break;
    case ChunkForm::trace_ids:
      understood = take_trace_ids(reader, chunk.count, at, rows.size(), data);
      break;
    case ChunkForm::parent_rows: {
      const Chunk* ids = span_id_column_ ? find_chunk(granule, *span_id_column_) : nullptr;
      if (ids == nullptr || ids->form != ChunkForm::span_ids) return damaged("span ids", granule);
      ParentSource source;
      CLEW_ASSIGN(source.present, read_presence(granule, *ids));
      CLEW_ASSIGN(source.raw, read_piece(ids->piece));
      understood = take_parents(reader, footer_.granules[granule], chunk, at, rows, source, data);
      break;
    }
    default:
      understood = take_ids(reader, chunk.count, at, rows.size(), data);
  }
  if (!understood) return damaged(footer_.columns[chunk.column].info.name, granule);
  return data;
}

}  // namespace clew::store
