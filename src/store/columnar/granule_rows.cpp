#include "store/columnar/granule_rows.h"

#include "telemetry/any_value.h"
#include "telemetry/otlp_fields.h"

namespace clew::store {
namespace {

std::optional<Intrinsic> intrinsic_of(const ColumnInfo& info) {
  for (size_t i = 0; i < kIntrinsicCount; ++i) {
    if (kIntrinsics[i].name == info.name && kIntrinsics[i].type == info.type)
      return static_cast<Intrinsic>(i);
  }
  return std::nullopt;
}

void write_value(ProtobufWriter& to, const ColumnData& data, uint32_t row) {
  switch (data.type) {
    case ColumnType::int64:
    case ColumnType::time:
    case ColumnType::duration:
      to.varint(otlp::any_value::integer, static_cast<uint64_t>(data.integers[row]));
      break;
    case ColumnType::float64:
      to.floating(otlp::any_value::floating, data.floats[row]);
      break;
    case ColumnType::boolean:
      to.boolean(otlp::any_value::boolean, data.booleans[row] != 0);
      break;
    case ColumnType::bytes:
      to.bytes(otlp::any_value::bytes, data.string_at(row));
      break;
    case ColumnType::json:
      otlp::write_any_value_of_json(to, data.string_at(row));
      break;
    default:
      to.bytes(otlp::any_value::string, data.string_at(row));
  }
}

}  // namespace

Result<GranuleRows> GranuleRows::read(const StoredSegment& segment, uint32_t granule) {
  GranuleRows found;
  found.rows_ = segment.granules()[granule].rows;
  const auto infos = segment.columns();
  for (uint32_t column = 0; column < segment.kept_columns(); ++column) {
    const ColumnInfo& info = infos[column];
    if (!segment.zone_map(granule, column)) continue;
    const bool is_intrinsic = info.scope == Scope::intrinsic;
    const auto known = is_intrinsic ? intrinsic_of(info) : std::nullopt;
    const bool is_body = is_intrinsic && info.name == names::kBody;
    // The keys of a body that is a map stand in columns too; the map is there as a whole.
    if (is_intrinsic && !known && !is_body) continue;
    CLEW_ASSIGN(ColumnData data, segment.read(granule, column));
    if (known)
      found.intrinsics_[static_cast<size_t>(*known)] = std::move(data);
    else
      (is_body ? found.bodies_ : found.attributes_).push_back({info.name, std::move(data)});
  }
  return found;
}

bool GranuleRows::has(Intrinsic column, uint32_t row) const {
  const auto& data = intrinsics_[static_cast<size_t>(column)];
  return data && data->has(row);
}

int64_t GranuleRows::integer(Intrinsic column, uint32_t row) const {
  return has(column, row) ? intrinsics_[static_cast<size_t>(column)]->integers[row] : 0;
}

double GranuleRows::floating(Intrinsic column, uint32_t row) const {
  return has(column, row) ? intrinsics_[static_cast<size_t>(column)]->floats[row] : 0;
}

std::string_view GranuleRows::text(Intrinsic column, uint32_t row) const {
  return has(column, row) ? intrinsics_[static_cast<size_t>(column)]->string_at(row) : std::string_view();
}

void GranuleRows::write_attributes(ProtobufWriter& to, uint32_t field, uint32_t row) const {
  for (const Named& attribute : attributes_) {
    if (!attribute.data.has(row)) continue;
    const auto pair = to.begin_message(field);
    to.bytes(otlp::key_value::key, attribute.name);
    const auto value = to.begin_message(otlp::key_value::value);
    write_value(to, attribute.data, row);
    to.end_message(value);
    to.end_message(pair);
  }
}

void GranuleRows::write_body(ProtobufWriter& to, uint32_t field, uint32_t row) const {
  for (const Named& body : bodies_) {
    if (!body.data.has(row)) continue;
    const auto value = to.begin_message(field);
    write_value(to, body.data, row);
    to.end_message(value);
    return;
  }
}

}  // namespace clew::store
