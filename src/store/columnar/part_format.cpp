#include "store/columnar/part_format.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "store/columnar/byte_coding.h"

namespace clew::store {
namespace {

void append_piece(std::string& out, const Piece& piece) {
  append_varint(out, piece.offset);
  append_varint(out, piece.size);
  append_fixed(out, piece.checksum);
}

Piece consume_piece(ByteReader& reader) {
  Piece piece;
  piece.offset = reader.consume_varint();
  piece.size = static_cast<uint32_t>(reader.consume_count(kMaxPieceBytes));
  piece.checksum = reader.consume_fixed<uint32_t>();
  return piece;
}

void append_column(std::string& out, const PartColumn& column) {
  out += static_cast<char>(column.info.scope);
  out += static_cast<char>(column.info.type);
  append_sized(out, column.info.name);
  out += static_cast<char>(column.dictionary.has_value());
  if (!column.dictionary) return;
  append_piece(out, *column.dictionary);
  append_varint(out, column.dictionary_entries);
}

PartColumn consume_column(ByteReader& reader) {
  PartColumn column;
  const auto scope = reader.consume_fixed<uint8_t>(), type = reader.consume_fixed<uint8_t>();
  if (scope < 1 || scope > 4 || type < 1 || type > 10) reader.fail();
  column.info = {static_cast<Scope>(scope), static_cast<ColumnType>(type),
                 std::string(reader.consume_sized())};
  if (reader.consume_fixed<uint8_t>() != 0) {
    column.dictionary = consume_piece(reader);
    column.dictionary_entries = static_cast<uint32_t>(reader.consume_count(kMaxDictionaryEntries));
  }
  return column;
}

void append_chunk(std::string& out, const Chunk& chunk) {
  append_varint(out, chunk.column);
  out += static_cast<char>(chunk.form);
  append_piece(out, chunk.piece);
  append_varint(out, chunk.presence);
  append_varint(out, chunk.count);
  const bool has_range = chunk.minimum && chunk.maximum;
  out += static_cast<char>(has_range);
  if (!has_range) return;
  append_signed_varint(out, *chunk.minimum);
  append_signed_varint(out, *chunk.maximum);
}

Chunk consume_chunk(ByteReader& reader, uint64_t columns, uint64_t presences, uint32_t rows) {
  Chunk chunk;
  chunk.column = static_cast<uint32_t>(reader.consume_count(columns - 1));
  const auto form = reader.consume_fixed<uint8_t>();
  if (form < 1 || form > 9) reader.fail();
  chunk.form = static_cast<ChunkForm>(form);
  chunk.piece = consume_piece(reader);
  chunk.presence = static_cast<uint32_t>(reader.consume_count(presences));
  chunk.count = static_cast<uint32_t>(reader.consume_count(rows));
  if (chunk.presence == 0 && chunk.count != rows) reader.fail();
  if (reader.consume_fixed<uint8_t>() != 0) {
    chunk.minimum = reader.consume_signed_varint();
    chunk.maximum = reader.consume_signed_varint();
  }
  return chunk;
}

void append_granule(std::string& out, const PartGranule& granule) {
  append_varint(out, granule.info.rows);
  append_signed_varint(out, granule.info.first.count);
  append_signed_varint(out, granule.info.last.count);
  append_varint(out, granule.presences.size());
  for (const Piece& piece : granule.presences) append_piece(out, piece);
  append_varint(out, granule.chunks.size());
  for (const Chunk& chunk : granule.chunks) append_chunk(out, chunk);
  out += static_cast<char>(granule.trace_filter.has_value());
  if (granule.trace_filter) append_piece(out, *granule.trace_filter);
}

PartGranule consume_granule(ByteReader& reader, uint64_t columns) {
  PartGranule granule;
  granule.info.rows = static_cast<uint32_t>(reader.consume_count(kGranuleRows));
  granule.info.first = {reader.consume_signed_varint()};
  granule.info.last = {reader.consume_signed_varint()};
  const uint64_t presences = reader.consume_count(std::min<uint64_t>(columns, reader.remaining()));
  for (uint64_t i = 0; i < presences && reader.ok(); ++i) granule.presences.push_back(consume_piece(reader));
  const uint64_t chunks = reader.consume_count(std::min<uint64_t>(columns, reader.remaining()));
  for (uint64_t i = 0; i < chunks && reader.ok(); ++i) {
    granule.chunks.push_back(consume_chunk(reader, columns, presences, granule.info.rows));
    if (i > 0 && granule.chunks[i - 1].column >= granule.chunks[i].column) reader.fail();
  }
  if (reader.consume_fixed<uint8_t>() != 0) granule.trace_filter = consume_piece(reader);
  return granule;
}

}  // namespace

uint32_t checksum_of(std::string_view bytes) {
  return static_cast<uint32_t>(XXH3_64bits(bytes.data(), bytes.size()));
}

std::string encode_footer(const Footer& footer) {
  std::string out;
  append_varint(out, footer.environment.number);
  out += static_cast<char>(footer.signal);
  append_signed_varint(out, footer.day);
  append_varint(out, footer.rows);
  append_varint(out, footer.columns.size());
  for (const PartColumn& column : footer.columns) append_column(out, column);
  append_varint(out, footer.granules.size());
  for (const PartGranule& granule : footer.granules) append_granule(out, granule);
  return out;
}

Result<Footer> decode_footer(std::string_view bytes) {
  ByteReader reader(bytes);
  Footer footer;
  footer.environment.number = static_cast<uint32_t>(reader.consume_count(UINT32_MAX));
  const auto signal = reader.consume_fixed<uint8_t>();
  if (signal < 1 || signal > 3) reader.fail();
  footer.signal = static_cast<Signal>(signal);
  footer.day = static_cast<int32_t>(reader.consume_signed_varint());
  footer.rows = reader.consume_varint();
  const uint64_t columns = reader.consume_count(std::min<uint64_t>(kMaxPartColumns, reader.remaining()));
  for (uint64_t i = 0; i < columns && reader.ok(); ++i) footer.columns.push_back(consume_column(reader));
  const uint64_t granules = reader.consume_count(std::min<uint64_t>(kMaxPartGranules, reader.remaining()));
  uint64_t rows = 0;
  for (uint64_t i = 0; i < granules && reader.ok(); ++i) {
    footer.granules.push_back(consume_granule(reader, columns));
    rows += footer.granules.back().info.rows;
  }
  if (!reader.ok() || reader.remaining() != 0 || rows != footer.rows)
    return Status(ErrorKind::corrupt, "the footer does not have the form of a part's footer");
  return footer;
}

}  // namespace clew::store
