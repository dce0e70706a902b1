#include "store/segment.h"

#include <algorithm>

namespace clew::store {
namespace {

template <typename Value>
void pick(const std::vector<Value>& from, std::span<const uint32_t> rows, std::vector<Value>& to) {
  if (from.empty()) return;
  to.reserve(rows.size());
  for (const uint32_t row : rows) to.push_back(from[row]);
}

}  // namespace

std::string_view name_of(ColumnType type) {
  switch (type) {
    case ColumnType::string:
      return "string";
    case ColumnType::int64:
      return "int64";
    case ColumnType::float64:
      return "float64";
    case ColumnType::boolean:
      return "boolean";
    case ColumnType::bytes:
      return "bytes";
    case ColumnType::json:
      return "json";
    case ColumnType::trace_id:
      return "trace_id";
    case ColumnType::span_id:
      return "span_id";
    case ColumnType::time:
      return "time";
    case ColumnType::duration:
      return "duration";
  }
  return "unknown";
}

std::string_view name_of(Scope scope) {
  switch (scope) {
    case Scope::intrinsic:
      return "intrinsic";
    case Scope::attribute:
      return "attribute";
    case Scope::instrumentation:
      return "instrumentation";
    case Scope::resource:
      return "resource";
  }
  return "unknown";
}

ColumnData pick_rows(const ColumnData& data, std::span<const uint32_t> rows) {
  ColumnData picked;
  picked.type = data.type;
  picked.rows = static_cast<uint32_t>(rows.size());
  if (!data.present.empty()) {
    picked.present.resize((rows.size() + 63) / 64);
    for (size_t i = 0; i < rows.size(); ++i)
      picked.present[i >> 6] |= static_cast<uint64_t>(data.has(rows[i])) << (i & 63);
  }
  pick(data.integers, rows, picked.integers);
  pick(data.floats, rows, picked.floats);
  pick(data.booleans, rows, picked.booleans);
  pick(data.codes, rows, picked.codes);
  pick(data.strings, rows, picked.strings);
  picked.dictionary = data.dictionary;
  picked.owner = data.owner;
  return picked;
}

Result<ColumnData> Segment::read_rows(uint32_t granule, uint32_t column,
                                      std::span<const uint32_t> rows) const {
  CLEW_ASSIGN(const ColumnData data, read(granule, column));
  return pick_rows(data, rows);
}

}  // namespace clew::store
