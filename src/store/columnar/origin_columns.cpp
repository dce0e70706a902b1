#include "store/columnar/origin_columns.h"

#include <algorithm>

#include <protozero/exception.hpp>

#include "store/columnar/origin.h"

namespace clew::store {

OriginColumns::OriginColumns(std::span<const std::string_view> envelopes) {
  for (size_t origin = 0; origin < envelopes.size(); ++origin) {
    std::vector<OriginValue> values;
    try {
      values = parse_envelope(envelopes[origin]);
    } catch (const protozero::exception&) {
      continue;
    }
    for (const OriginValue& value : values) {
      Column& column = column_of({value.scope, value.type, value.name}, envelopes.size());
      if (column.has[origin] != 0) continue;  // the first of two values of one name counts
      column.has[origin] = 1;
      switch (value.type) {
        case ColumnType::int64:
          column.integers[origin] = std::get<int64_t>(value.value);
          break;
        case ColumnType::float64:
          column.floats[origin] = std::get<double>(value.value);
          break;
        case ColumnType::boolean:
          column.booleans[origin] = std::get<bool>(value.value) ? 1 : 0;
          break;
        default:
          column.codes[origin] = column.strings.code_of(std::get<std::string>(value.value));
      }
    }
  }
  for (Column& column : columns_)
    column.complete = std::find(column.has.begin(), column.has.end(), 0) == column.has.end();
}

OriginColumns::Column& OriginColumns::column_of(const ColumnInfo& info, size_t origins) {
  for (Column& column : columns_) {
    if (column.info == info) return column;
  }
  Column& column = columns_.emplace_back();
  column.info = info;
  column.has.resize(origins);
  switch (info.type) {
    case ColumnType::int64:
      column.integers.resize(origins);
      break;
    case ColumnType::float64:
      column.floats.resize(origins);
      break;
    case ColumnType::boolean:
      column.booleans.resize(origins);
      break;
    default:
      column.codes.resize(origins);
  }
  return column;
}

ColumnData OriginColumns::expand(size_t which, std::span<const uint32_t> codes,
                                 std::shared_ptr<const void> keep_alive) const {
  const Column& column = columns_[which];
  ColumnData data;
  data.type = column.info.type;
  data.rows = static_cast<uint32_t>(codes.size());
  data.owner = std::move(keep_alive);
  auto gather = [&](auto& to, const auto& by_origin) {
    to.resize(codes.size());
    for (size_t row = 0; row < codes.size(); ++row) to[row] = by_origin[codes[row]];
  };
  switch (column.info.type) {
    case ColumnType::int64:
      gather(data.integers, column.integers);
      break;
    case ColumnType::float64:
      gather(data.floats, column.floats);
      break;
    case ColumnType::boolean:
      gather(data.booleans, column.booleans);
      break;
    default:
      gather(data.codes, column.codes);
      data.dictionary = column.strings.values();
  }
  if (!column.complete) {
    data.present.resize((codes.size() + 63) / 64);
    for (size_t row = 0; row < codes.size(); ++row)
      data.present[row >> 6] |= static_cast<uint64_t>(column.has[codes[row]]) << (row & 63);
  }
  return data;
}

}  // namespace clew::store
