#include "protocols/clew/values.h"

#include <algorithm>

#include "base/base64.h"
#include "base/hex.h"
#include "telemetry/ids.h"

namespace clew::api {
std::optional<store::ColumnType> type_of(const query::Value& value) {
  if (std::holds_alternative<bool>(value)) return store::ColumnType::boolean;
  if (std::holds_alternative<int64_t>(value)) return store::ColumnType::int64;
  if (std::holds_alternative<double>(value)) return store::ColumnType::float64;
  if (std::holds_alternative<std::string>(value)) return store::ColumnType::string;
  if (std::holds_alternative<UnixNanos>(value)) return store::ColumnType::time;
  return std::nullopt;
}

void write_value(JsonWriter& json, const query::Value& value) {
  if (const auto* boolean = std::get_if<bool>(&value)) {
    json.boolean(*boolean);
  } else if (const auto* integer = std::get_if<int64_t>(&value)) {
    json.exact_integer(*integer);
  } else if (const auto* number = std::get_if<double>(&value)) {
    json.number(*number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    json.string(*text);
  } else if (const auto* time = std::get_if<UnixNanos>(&value)) {
    json.integer_as_string(time->count);
  } else {
    json.null();
  }
}

void write_value(JsonWriter& json, const query::Attribute& attribute) {
  if (const auto* boolean = std::get_if<bool>(&attribute.value)) {
    json.boolean(*boolean);
  } else if (const auto* integer = std::get_if<int64_t>(&attribute.value)) {
    if (attribute.type == store::ColumnType::time) {
      json.integer_as_string(*integer);
    } else {
      json.exact_integer(*integer);
    }
  } else if (const auto* number = std::get_if<double>(&attribute.value)) {
    json.number(*number);
  } else {
    const std::string_view text = std::get<std::string_view>(attribute.value);
    switch (attribute.type) {
      case store::ColumnType::trace_id:
      case store::ColumnType::span_id:
        json.string(hex_of(text));
        break;
      case store::ColumnType::bytes:
        json.string(base64_encode(text));
        break;
      default:
        json.string(text);
    }
  }
}

void write_attributes(JsonWriter& json, std::span<const query::Attribute> attributes, store::Scope scope) {
  std::vector<const query::Attribute*> ordered;
  for (const query::Attribute& attribute : attributes) {
    if (attribute.scope == scope) ordered.push_back(&attribute);
  }
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const query::Attribute* a, const query::Attribute* b) { return a->name < b->name; });
  json.begin_array();
  for (const query::Attribute* attribute : ordered) {
    json.begin_object()
        .key("key")
        .string(attribute->name)
        .key("type")
        .string(name_of(attribute->type))
        .key("value");
    write_value(json, *attribute);
    json.end_object();
  }
  json.end_array();
}

void write_range(JsonWriter& json, const TimeRange& range) {
  json.key("range").begin_object().time_members("from", range.from).time_members("to", range.to).end_object();
}

void write_partial(JsonWriter& json, const query::Cost& cost, std::string_view reason) {
  const bool damaged = cost.rows_set_aside != 0;
  json.key("partial").boolean(damaged || !reason.empty());
  if (damaged) {
    json.key("partial_reason")
        .string(
            std::to_string(cost.rows_set_aside) +
            " rows are damaged on disk and left out; /clew/v1/status names the files, and clew dump --verify "
            "checks them");
  } else if (!reason.empty()) {
    json.key("partial_reason").string(reason);
  }
}

void write_cost(JsonWriter& json, const query::Cost& cost) {
  json.key("cost").begin_object();
  json.key("rows_scanned").integer(cost.rows_scanned).key("rows_matched").integer(cost.rows_matched);
  json.key("granules_read").integer(cost.granules_read).key("granules_pruned").integer(cost.granules_pruned);
  json.key("bytes_read").integer(cost.bytes_read).key("elapsed_ms").number(cost.elapsed.to_milliseconds());
  json.end_object();
}

void write_text_or_null(JsonWriter& json, std::string_view text) {
  if (text.empty()) {
    json.null();
  } else {
    json.string(text);
  }
}

}  // namespace clew::api
