// How values, attributes, times and costs look in the API's JSON.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "query/result_table.h"
#include "query/trace.h"
#include "query/value.h"
#include "store/segment.h"

namespace clew::api {

// What a value seems to be; nothing for null and for histograms.
std::optional<store::ColumnType> type_of(const query::Value& value);

void write_value(JsonWriter& json, const query::Value& value);
void write_value(JsonWriter& json, const query::Attribute& attribute);

// {"key", "type", "value"} of those in `scope`, ordered by key.
void write_attributes(JsonWriter& json, std::span<const query::Attribute> attributes, store::Scope scope);

// "range": {…}, "cost": {…}
void write_range(JsonWriter& json, const TimeRange& range);
// "partial", and "partial_reason" where rows are missing because of damage, or for `reason` of the caller's.
void write_partial(JsonWriter& json, const query::Cost& cost, std::string_view reason = {});
void write_cost(JsonWriter& json, const query::Cost& cost);

// A string, or null when it is empty.
void write_text_or_null(JsonWriter& json, std::string_view text);

}  // namespace clew::api
