#include "store/columnar/chunk_encoding.h"

#include <bit>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "store/columnar/byte_coding.h"
#include "store/columnar/compressed_bytes.h"
#include "store/columnar/integer_encoding.h"
#include "telemetry/semantic_names.h"

namespace clew::store {
namespace {

constexpr size_t kMaxStringBytes = 1u << 30;

// Texts are compressed so many bytes at a time: enough for the compressor to find what repeats, little enough
// that a few rows are read without the rest of the granule.
constexpr size_t kTextBlockBytes = 64 << 10;

uint64_t raw_id(std::string_view id) {
  uint64_t raw;
  std::memcpy(&raw, id.data(), sizeof raw);
  return raw;
}

// The rows that have a value, in order.
std::vector<uint32_t> present_rows(const std::vector<uint64_t>& present, uint32_t rows) {
  std::vector<uint32_t> list;
  list.reserve(rows);
  if (present.empty()) {
    for (uint32_t row = 0; row < rows; ++row) list.push_back(row);
  } else {
    for_each_present(present, [&](uint32_t row) { list.push_back(row); });
  }
  return list;
}

bool all_whole(const std::vector<double>& values) {
  for (const double value : values) {
    if (!(std::fabs(value) < 9007199254740992.0) || value != std::floor(value) ||
        (value == 0 && std::signbit(value)))
      return false;
  }
  return true;
}

ChunkForm append_floats(std::string& out, const std::vector<double>& values) {
  std::vector<int64_t> integers(values.size());
  if (all_whole(values)) {
    for (size_t i = 0; i < values.size(); ++i) integers[i] = static_cast<int64_t>(values[i]);
    append_integers(out, integers);
    return ChunkForm::whole_floats;
  }
  for (size_t i = 0; i < values.size(); ++i) integers[i] = std::bit_cast<int64_t>(values[i]);
  append_integers(out, integers);
  return ChunkForm::floats;
}

void append_strings(std::string& out, const std::vector<std::string_view>& values) {
  std::vector<uint32_t> sizes(values.size());
  for (size_t i = 0; i < values.size(); ++i) sizes[i] = static_cast<uint32_t>(values[i].size());
  append_codes(out, sizes);
  std::string block;
  size_t values_in_block = 0;
  auto end_block = [&] {
    if (values_in_block == 0) return;
    append_varint(out, values_in_block);
    append_compressed(out, block);
    block.clear();
    values_in_block = 0;
  };
  for (const std::string_view value : values) {
    block += value;
    ++values_in_block;
    if (block.size() >= kTextBlockBytes) end_block();
  }
  end_block();
}

void append_trace_ids(std::string& out, const CompactColumn& column) {
  append_varint(out, column.strings.size());
  for (const std::string_view id : column.strings) out += id;
  append_codes(out, column.codes);
}

// Parents mostly are a few rows away, because rows of a trace stand together: a distance takes a byte, an id
// eight.
void append_parent_rows(std::string& out, const CompactColumn& column, const CompactColumn& span_ids,
                        uint32_t rows) {
  std::unordered_map<uint64_t, uint32_t> row_of;
  row_of.reserve(span_ids.ids.size());
  const std::vector<uint32_t> span_rows = present_rows(span_ids.present, rows);
  for (size_t i = 0; i < span_ids.ids.size(); ++i) row_of.emplace(span_ids.ids[i], span_rows[i]);
  std::vector<uint32_t> distances;
  distances.reserve(column.ids.size());
  std::string elsewhere;
  const std::vector<uint32_t> own_rows = present_rows(column.present, rows);
  for (size_t i = 0; i < column.ids.size(); ++i) {
    const auto found = row_of.find(column.ids[i]);
    const int64_t distance = found == row_of.end() ? 0 : int64_t{own_rows[i]} - int64_t{found->second};
    distances.push_back(static_cast<uint32_t>(zigzag(distance)));
    if (distance == 0) append_fixed(elsewhere, column.ids[i]);
  }
  append_codes(out, distances);
  out += elsewhere;
}

// Spreads decoded values over the rows that have one.
template <typename Value>
void spread(std::vector<Value>& values, const ChunkContext& context) {
  if (context.present == nullptr) return;
  std::vector<Value> spread_out(context.rows);
  size_t next = 0;
  for_each_present(*context.present, [&](uint32_t row) { spread_out[row] = values[next++]; });
  values = std::move(spread_out);
}

bool decode_floats(ByteReader& reader, bool whole, const ChunkContext& context, ColumnData& data) {
  std::vector<int64_t> integers(context.count);
  if (!consume_integers(reader, integers)) return false;
  data.floats.resize(context.count);
  for (size_t i = 0; i < integers.size(); ++i)
    data.floats[i] = whole ? static_cast<double>(integers[i]) : std::bit_cast<double>(integers[i]);
  spread(data.floats, context);
  return true;
}

bool decode_codes(ByteReader& reader, const ChunkContext& context, ColumnData& data) {
  if (context.dictionary == nullptr) return false;
  data.codes.resize(context.count);
  if (!consume_codes(reader, data.codes)) return false;
  const size_t entries = context.dictionary->values.size();
  uint32_t largest = 0;
  for (const uint32_t code : data.codes) largest = std::max(largest, code);
  if (context.count != 0 && largest >= entries) return false;
  spread(data.codes, context);
  data.dictionary = context.dictionary->values;
  data.owner = context.dictionary;
  return true;
}

bool decode_strings(ByteReader& reader, const ChunkContext& context, ColumnData& data) {
  std::vector<uint32_t> sizes(context.count);
  if (!consume_codes(reader, sizes)) return false;
  const uint64_t total = std::accumulate(sizes.begin(), sizes.end(), uint64_t{0});
  if (total > kMaxStringBytes) return false;
  // A hostile sum of sizes takes no more memory than the blocks that are there.
  ByteReader ahead = reader;
  uint64_t stored = 0;
  for (uint64_t passed = 0; passed < context.count && ahead.ok();) {
    const uint64_t values = ahead.consume_varint();
    if (values == 0 || values > context.count - passed) return false;
    passed += values;
    stored += skip_compressed(ahead);
  }
  if (!ahead.ok() || stored != total) return false;
  auto bytes = std::make_shared<std::string>(total, '\0');
  data.strings.resize(context.count);
  size_t at = 0;
  for (size_t i = 0; i < sizes.size();) {
    const size_t end = i + reader.consume_varint(), begin = at;
    for (; i < end; ++i) {
      data.strings[i] = std::string_view(*bytes).substr(at, sizes[i]);
      at += sizes[i];
    }
    if (!consume_compressed_into(reader, std::span(*bytes).subspan(begin, at - begin))) return false;
  }
  spread(data.strings, context);
  data.owner = bytes;
  return true;
}

bool decode_trace_ids(ByteReader& reader, const ChunkContext& context, ColumnData& data) {
  const uint64_t distinct = reader.consume_count(context.count);
  auto dictionary = std::make_shared<Dictionary>();
  dictionary->bytes = reader.consume_bytes(distinct * sizeof(TraceId));
  data.codes.resize(context.count);
  if (!reader.ok() || !consume_codes(reader, data.codes)) return false;
  for (uint64_t i = 0; i < distinct; ++i)
    dictionary->values.push_back(
        std::string_view(dictionary->bytes).substr(i * sizeof(TraceId), sizeof(TraceId)));
  for (const uint32_t code : data.codes) {
    if (code >= distinct) return false;
  }
  spread(data.codes, context);
  data.dictionary = dictionary->values;
  data.owner = dictionary;
  return true;
}

void set_ids(std::shared_ptr<std::vector<uint64_t>> ids, const ChunkContext& context, ColumnData& data) {
  data.strings.resize(context.rows);
  size_t next = 0;
  auto set = [&](uint32_t row) {
    data.strings[row] = {reinterpret_cast<const char*>(&(*ids)[next++]), sizeof(uint64_t)};
  };
  if (context.present == nullptr) {
    for (uint32_t row = 0; row < context.rows; ++row) set(row);
  } else {
    for_each_present(*context.present, set);
  }
  data.owner = std::move(ids);
}

bool decode_span_ids(ByteReader& reader, const ChunkContext& context, ColumnData& data) {
  const std::string_view raw = reader.consume_bytes(size_t{context.count} * sizeof(uint64_t));
  if (!reader.ok()) return false;
  auto ids = std::make_shared<std::vector<uint64_t>>(context.count);
  if (!raw.empty()) std::memcpy(ids->data(), raw.data(), raw.size());
  set_ids(std::move(ids), context, data);
  return true;
}

bool decode_parent_rows(ByteReader& reader, const ChunkContext& context, ColumnData& data) {
  if (context.span_ids == nullptr) return false;
  std::vector<uint32_t> distances(context.count);
  if (!consume_codes(reader, distances)) return false;
  auto ids = std::make_shared<std::vector<uint64_t>>(context.count);
  static const std::vector<uint64_t> kAll;
  const std::vector<uint32_t> rows =
      present_rows(context.present == nullptr ? kAll : *context.present, context.rows);
  for (size_t i = 0; i < distances.size(); ++i) {
    const int64_t distance = unzigzag(distances[i]);
    if (distance == 0) {
      (*ids)[i] = reader.consume_fixed<uint64_t>();
      continue;
    }
    const int64_t row = int64_t{rows[i]} - distance;
    if (row < 0 || row >= context.rows || !context.span_ids->has(static_cast<uint32_t>(row))) return false;
    (*ids)[i] = raw_id(context.span_ids->strings[static_cast<size_t>(row)]);
  }
  if (!reader.ok()) return false;
  set_ids(std::move(ids), context, data);
  return true;
}

}  // namespace

ChunkForm append_chunk_values(std::string& out, const CompactColumn& column, bool has_dictionary,
                              const CompactColumn* span_ids, uint32_t rows) {
  switch (column.info.type) {
    case ColumnType::int64:
    case ColumnType::time:
    case ColumnType::duration:
      append_integers(out, column.integers);
      return ChunkForm::integers;
    case ColumnType::float64:
      return append_floats(out, column.floats);
    case ColumnType::boolean: {
      const std::vector<uint32_t> values(column.booleans.begin(), column.booleans.end());
      append_codes(out, values);
      return ChunkForm::booleans;
    }
    case ColumnType::trace_id:
      append_trace_ids(out, column);
      return ChunkForm::trace_ids;
    case ColumnType::span_id:
      if (span_ids != nullptr && column.info.name == names::kParentId) {
        append_parent_rows(out, column, *span_ids, rows);
        return ChunkForm::parent_rows;
      }
      for (const uint64_t id : column.ids) append_fixed(out, id);
      return ChunkForm::span_ids;
    case ColumnType::string:
    case ColumnType::bytes:
    case ColumnType::json:
      break;
  }
  if (has_dictionary) {
    append_codes(out, column.codes);
    return ChunkForm::codes;
  }
  append_strings(out, column.strings);
  return ChunkForm::strings;
}

bool decode_chunk_values(std::string_view bytes, ChunkForm form, ColumnType type, const ChunkContext& context,
                         ColumnData& data) {
  ByteReader reader(bytes);
  data.type = type;
  data.rows = context.rows;
  if (context.present != nullptr) data.present = *context.present;
  const bool stringlike = is_stringlike(type);
  switch (form) {
    case ChunkForm::integers:
      if (stringlike || type == ColumnType::float64 || type == ColumnType::boolean) return false;
      data.integers.resize(context.count);
      if (!consume_integers(reader, data.integers)) return false;
      spread(data.integers, context);
      return true;
    case ChunkForm::floats:
    case ChunkForm::whole_floats:
      return type == ColumnType::float64 &&
             decode_floats(reader, form == ChunkForm::whole_floats, context, data);
    case ChunkForm::booleans: {
      if (type != ColumnType::boolean) return false;
      std::vector<uint32_t> values(context.count);
      if (!consume_codes(reader, values)) return false;
      data.booleans.assign(values.begin(), values.end());
      spread(data.booleans, context);
      return true;
    }
    case ChunkForm::codes:
      return stringlike && decode_codes(reader, context, data);
    case ChunkForm::strings:
      return stringlike && decode_strings(reader, context, data);
    case ChunkForm::trace_ids:
      return type == ColumnType::trace_id && decode_trace_ids(reader, context, data);
    case ChunkForm::span_ids:
      return type == ColumnType::span_id && decode_span_ids(reader, context, data);
    case ChunkForm::parent_rows:
      return type == ColumnType::span_id && decode_parent_rows(reader, context, data);
  }
  return false;
}

}  // namespace clew::store
