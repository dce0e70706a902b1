// Part::read_rows(): some rows of a column without decoding all of it, where the form of the chunk allows.
#include <bit>
#include <cstring>

#include "store/columnar/byte_coding.h"
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

// The texts are compressed together; only what is decoded for good is copied.
bool take_strings(ByteReader& reader, size_t count, const Positions& at, size_t rows, ColumnData& data) {
  thread_local std::vector<uint32_t> sizes;
  thread_local std::string text;
  sizes.resize(count);
  if (!consume_codes(reader, sizes) || !consume_compressed(reader, kMaxPieceBytes, text)) return false;
  std::vector<std::string_view> found(at.positions.size());
  size_t begin = 0, next = 0, total = 0;
  for (size_t i = 0; i < count && next < found.size(); ++i) {
    if (sizes[i] > text.size() - begin) return false;
    if (i == at.positions[next]) {
      found[next++] = std::string_view(text).substr(begin, sizes[i]);
      total += sizes[i];
    }
    begin += sizes[i];
  }
  auto bytes = std::make_shared<std::string>();
  bytes->reserve(total);
  for (const std::string_view value : found) *bytes += value;
  data.strings.resize(rows);
  begin = 0;
  for (size_t i = 0; i < at.rows.size(); ++i) {
    data.strings[at.rows[i]] = std::string_view(*bytes).substr(begin, found[i].size());
    begin += found[i].size();
  }
  data.owner = std::move(bytes);
  return true;
}

bool has_short_way(ChunkForm form) {
  return form == ChunkForm::integers || form == ChunkForm::booleans || form == ChunkForm::codes ||
         form == ChunkForm::strings || form == ChunkForm::trace_ids || form == ChunkForm::span_ids;
}

}  // namespace

Result<ColumnData> Part::read_rows(uint32_t granule, uint32_t column, std::span<const uint32_t> rows) const {
  const bool kept = column < footer_.columns.size();
  const Chunk* chunk = find_chunk(granule, kept ? column : *origin_column_);
  if (chunk == nullptr)
    return kept ? Status(ErrorKind::internal, "read of a column that has no values in the granule")
                : damaged("origin", granule);
  CLEW_ASSIGN(ColumnData data, read_physical_rows(granule, *chunk, rows));
  if (kept) return data;
  return origins_.expand(column - footer_.columns.size(), data.codes, shared_from_this());
}

Result<ColumnData> Part::read_physical_rows(uint32_t granule, const Chunk& chunk,
                                            std::span<const uint32_t> rows) const {
  if (!has_short_way(chunk.form)) {
    CLEW_ASSIGN(const ColumnData all, read_physical(granule, chunk));
    return pick_rows(all, rows);
  }
  CLEW_ASSIGN(const std::vector<uint64_t> present, read_presence(granule, chunk));
  CLEW_ASSIGN(const std::string bytes, read_piece(chunk.piece));
  const Positions at = positions_of(rows, present);
  ColumnData data;
  data.type = footer_.columns[chunk.column].info.type;
  data.rows = static_cast<uint32_t>(rows.size());
  if (!present.empty()) {
    data.present.resize((rows.size() + 63) / 64);
    for (const uint32_t row : at.rows) data.present[row >> 6] |= uint64_t{1} << (row & 63);
  }
  ByteReader reader(bytes);
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
    default:
      understood = take_ids(reader, chunk.count, at, rows.size(), data);
  }
  if (!understood) return damaged(footer_.columns[chunk.column].info.name, granule);
  return data;
}

}  // namespace clew::store
