#include "pipeline/ottl/path_fields.h"

#include <algorithm>
#include <bit>
#include <map>

#include <fmt/format.h>

#include "base/hex.h"
#include "pipeline/otlp/any_value_view.h"
#include "pipeline/ottl/path_lists.h"
#include "telemetry/otlp_fields.h"

namespace clew::pipeline::ottl {
namespace {

using K = FieldKind;
using C = Context;

constexpr PathField kFields[] = {
    {C::resource, "attributes", K::attributes, otlp::resource::attributes},
    {C::resource, "dropped_attributes_count", K::integer, otlp::resource::dropped_attributes_count},
    {C::resource, "cache", K::cache},

    {C::scope, "name", K::text, otlp::scope::name},
    {C::scope, "version", K::text, otlp::scope::version},
    {C::scope, "attributes", K::attributes, otlp::scope::attributes},
    {C::scope, "dropped_attributes_count", K::integer, otlp::scope::dropped_attributes_count},
    {C::scope, "cache", K::cache},

    {C::span, "trace_id", K::id, otlp::span::trace_id},
    {C::span, "trace_id.string", K::id_text, otlp::span::trace_id},
    {C::span, "span_id", K::id, otlp::span::span_id},
    {C::span, "span_id.string", K::id_text, otlp::span::span_id},
    {C::span, "parent_span_id", K::id, otlp::span::parent_span_id},
    {C::span, "parent_span_id.string", K::id_text, otlp::span::parent_span_id},
    {C::span, "trace_state", K::trace_state, otlp::span::trace_state},
    {C::span, "name", K::text, otlp::span::name},
    {C::span, "kind", K::integer, otlp::span::kind},
    {C::span, "kind.string", K::span_kind_text, otlp::span::kind},
    {C::span, "start_time_unix_nano", K::nanos, otlp::span::start},
    {C::span, "end_time_unix_nano", K::nanos, otlp::span::end},
    {C::span, "start_time", K::time, otlp::span::start},
    {C::span, "end_time", K::time, otlp::span::end},
    {C::span, "attributes", K::attributes, otlp::span::attributes},
    {C::span, "dropped_attributes_count", K::integer, otlp::span::dropped_attributes_count},
    {C::span, "dropped_events_count", K::integer, otlp::span::dropped_events_count},
    {C::span, "dropped_links_count", K::integer, otlp::span::dropped_links_count},
    {C::span, "events", K::events, otlp::span::events},
    {C::span, "links", K::links, otlp::span::links},
    {C::span, "status.code", K::status_code, otlp::span::status},
    {C::span, "status.message", K::status_message, otlp::span::status},
    {C::span, "cache", K::cache},

    {C::spanevent, "name", K::text, otlp::event::name},
    {C::spanevent, "time_unix_nano", K::nanos, otlp::event::time},
    {C::spanevent, "time", K::time, otlp::event::time},
    {C::spanevent, "attributes", K::attributes, otlp::event::attributes},
    {C::spanevent, "dropped_attributes_count", K::integer, otlp::event::dropped_attributes_count},
    {C::spanevent, "event_index", K::event_index},
    {C::spanevent, "cache", K::cache},

    {C::log, "time_unix_nano", K::nanos, otlp::log_record::time},
    {C::log, "time", K::time, otlp::log_record::time},
    {C::log, "observed_time_unix_nano", K::nanos, otlp::log_record::observed_time},
    {C::log, "observed_time", K::time, otlp::log_record::observed_time},
    {C::log, "severity_number", K::integer, otlp::log_record::severity_number},
    {C::log, "severity_text", K::text, otlp::log_record::severity_text},
    {C::log, "body", K::any, otlp::log_record::body},
    {C::log, "body.string", K::any_text, otlp::log_record::body},
    {C::log, "attributes", K::attributes, otlp::log_record::attributes},
    {C::log, "dropped_attributes_count", K::integer, otlp::log_record::dropped_attributes_count},
    {C::log, "event_name", K::text, otlp::log_record::event_name},
    {C::log, "trace_id", K::id, otlp::log_record::trace_id},
    {C::log, "trace_id.string", K::id_text, otlp::log_record::trace_id},
    {C::log, "span_id", K::id, otlp::log_record::span_id},
    {C::log, "span_id.string", K::id_text, otlp::log_record::span_id},
    {C::log, "cache", K::cache},

    {C::metric, "name", K::text, otlp::metric::name},
    {C::metric, "description", K::text, otlp::metric::description},
    {C::metric, "unit", K::text, otlp::metric::unit},
    {C::metric, "type", K::metric_type},
    {C::metric, "aggregation_temporality", K::temporality},
    {C::metric, "is_monotonic", K::monotonic},
    {C::metric, "metadata", K::attributes, otlp::metric::metadata},
    {C::metric, "cache", K::cache},

    {C::datapoint, "attributes", K::attributes},
    {C::datapoint, "start_time_unix_nano", K::nanos, 2, 2, 3, 2},
    {C::datapoint, "start_time", K::time, 2, 2, 3, 2},
    {C::datapoint, "time_unix_nano", K::nanos, 3, 3, 4, 3},
    {C::datapoint, "time", K::time, 3, 3, 4, 3},
    {C::datapoint, "value_double", K::as_double, otlp::number_point::as_double},
    {C::datapoint, "value_int", K::as_int, otlp::number_point::as_int},
    {C::datapoint, "flags", K::integer, 8, 10, 10, 8},
    {C::datapoint, "count", K::fixed_integer, 0, 4, 4, 4},
    {C::datapoint, "sum", K::floating, 0, 5, 5, 5},
    {C::datapoint, "scale", K::signed_integer, 0, 0, otlp::exponential_point::scale, 0},
    {C::datapoint, "zero_count", K::fixed_integer, 0, 0, otlp::exponential_point::zero_count, 0},
    {C::datapoint, "bucket_counts", K::counts, 0, otlp::histogram_point::bucket_counts, 0, 0},
    {C::datapoint, "explicit_bounds", K::bounds, 0, otlp::histogram_point::explicit_bounds, 0, 0},
    {C::datapoint, "exemplars", K::exemplars, 5, 8, 11, 0},
    {C::datapoint, "quantile_values", K::quantiles, 0, 0, 0, otlp::summary_point::quantile_values},
    {C::datapoint, "cache", K::cache},
};

constexpr std::pair<uint32_t, int64_t> kMetricTypes[] = {{otlp::metric::gauge, 1},
                                                         {otlp::metric::sum, 2},
                                                         {otlp::metric::histogram, 3},
                                                         {otlp::metric::exponential_histogram, 4},
                                                         {otlp::metric::summary, 5}};
constexpr std::string_view kSpanKinds[] = {"Unspecified", "Internal", "Server",
                                           "Client",      "Producer", "Consumer"};

uint32_t number_in(const PathField& field, const Subject& subject) {
  if (field.context != Context::datapoint) return field.number;
  switch (subject.point_kind) {
    case otlp::metric::histogram:
      return field.in_histogram;
    case otlp::metric::exponential_histogram:
      return field.in_exponential;
    case otlp::metric::summary:
      return field.in_summary;
    default:
      return field.number;
  }
}

// The field of a Metric message that holds its points; 0 when it has none.
uint32_t data_field(MessageEditor& metric) {
  for (const auto& [field, type] : kMetricTypes)
    if (metric.has(field)) return field;
  return 0;
}

// A message within a message.
uint64_t nested_varint(MessageEditor& message, uint32_t field, uint32_t inner) {
  MessageEditor nested;
  nested.reset(message.bytes(field), 0);
  return nested.varint(inner);
}
template <typename Edit>
void edit_nested(MessageEditor& message, uint32_t field, Edit edit) {
  MessageEditor nested;
  nested.reset(message.bytes(field), 0);
  edit(nested);
  std::string bytes;
  nested.append_to(bytes);
  message.set_bytes(field, bytes);
}

Value all_attributes(const AttributeList& attributes) {
  Value::Map map;
  for (const Attribute& one : attributes.all())
    map.push_back({std::string(one.key), value_of_any(one.value)});
  return map;
}

// What stays as it is is not encoded anew.
Status set_attributes(AttributeList& attributes, const Value::Map& map) {
  attributes.remove_if([&](const Attribute& one) { return find(map, one.key) == nullptr; });
  for (const Value::Entry& entry : map) {
    const Attribute* there = attributes.find(entry.key);
    if (there != nullptr && compare(value_of_any(there->value), Comparison::equal, entry.value)) continue;
    CLEW_ASSIGN(const std::string encoded, any_of_value(entry.value));
    attributes.set(entry.key, encoded);
  }
  return {};
}

Status expected(const PathField& field, std::string_view what, const Value& value) {
  return {ErrorKind::bad_input, fmt::format("{} takes {}, got {}", field.name, what, value.kind_name())};
}

}  // namespace

std::span<const PathField> path_fields() {
  return kFields;
}

const PathField* path_field(Context context, std::string_view name) {
  const auto it = std::find_if(std::begin(kFields), std::end(kFields), [&](const PathField& one) {
    return one.context == context && one.name == name;
  });
  return it == std::end(kFields) ? nullptr : it;
}

std::vector<std::string> path_names(Context context) {
  std::vector<std::string> names;
  for (const PathField& one : kFields)
    if (one.context == context) names.emplace_back(one.name);
  return names;
}

bool has_keys(FieldKind kind) {
  return kind == K::attributes || kind == K::any || kind == K::cache || kind == K::trace_state;
}

bool is_read_only(FieldKind kind) {
  return kind == K::metric_type || kind == K::event_index || kind == K::span_kind_text || kind == K::any_text;
}

Value read_field(const PathField& field, Subject& subject) {
  if (field.kind == K::cache) return subject.cache;
  if (field.kind == K::event_index) return subject.event_index;
  MessageEditor& message = subject.message(field.context);
  if (field.kind == K::attributes) return all_attributes(message.attributes());
  const uint32_t data =
      field.kind == K::metric_type || field.kind == K::temporality || field.kind == K::monotonic
          ? data_field(message)
          : 0;
  const uint32_t number = number_in(field, subject);
  switch (field.kind) {
    case K::metric_type:
      for (const auto& [one, type] : kMetricTypes)
        if (one == data) return type;
      return 0;
    case K::temporality:
      return data == 0 || data == otlp::metric::gauge || data == otlp::metric::summary
                 ? Value()
                 : Value(static_cast<int64_t>(nested_varint(message, data, otlp::metric_data::temporality)));
    case K::monotonic:
      return data == otlp::metric::sum
                 ? Value(nested_varint(message, data, otlp::metric_data::is_monotonic) != 0)
                 : Value();
    default:
      break;
  }
  if (number == 0) return {};
  if (is_list(field.kind)) return read_list(field.kind, message, number);
  switch (field.kind) {
    case K::text:
    case K::trace_state:
      return message.bytes(number);
    case K::id:
      return Value::Bytes{std::string(message.bytes(number))};
    case K::id_text:
      return text_of(Value(Value::Bytes{std::string(message.bytes(number))}));
    case K::integer:
      // Flags are fixed32 in spans and log records, which have no path; in points they are varints.
      return static_cast<int64_t>(message.varint(number));
    case K::boolean:
      return message.varint(number) != 0;
    case K::nanos:
      return static_cast<int64_t>(message.fixed64(number));
    case K::time:
      return UnixNanos{static_cast<int64_t>(message.fixed64(number))};
    case K::any:
      return value_of_any(message.bytes(number));
    case K::any_text:
      return text_of(value_of_any(message.bytes(number)));
    case K::status_code:
      return static_cast<int64_t>(nested_varint(message, number, otlp::status::code));
    case K::status_message: {
      MessageEditor status;
      status.reset(message.bytes(number), 0);
      return status.bytes(otlp::status::message);
    }
    case K::span_kind_text: {
      const uint64_t kind = message.varint(number);
      return kind < std::size(kSpanKinds) ? kSpanKinds[kind] : kSpanKinds[0];
    }
    case K::as_double:
    case K::floating:
      return message.has(number) ? Value(std::bit_cast<double>(message.fixed64(number))) : Value();
    case K::as_int:
    case K::fixed_integer:
      return message.has(number) ? Value(static_cast<int64_t>(message.fixed64(number))) : Value();
    case K::signed_integer: {
      const uint64_t zigzag = message.varint(number);
      return static_cast<int64_t>(zigzag >> 1) ^ -static_cast<int64_t>(zigzag & 1);
    }
    default:
      return {};
  }
}

Status write_field(const PathField& field, Subject& subject, const Value& value) {
  if (field.kind == K::cache) {
    const auto* map = value.as<Value::Map>();
    if (map == nullptr) return expected(field, "a map", value);
    Value::Map copy = *map;
    subject.cache = std::move(copy);
    return {};
  }
  MessageEditor& message = subject.message(field.context);
  const uint32_t number = number_in(field, subject);
  const auto* integer = value.as<int64_t>();
  const auto* text = value.as<std::string>();
  const auto* bytes = value.as<Value::Bytes>();
  const auto* boolean = value.as<bool>();
  const auto* floating = value.as<double>();
  switch (field.kind) {
    case K::attributes: {
      const auto* map = value.as<Value::Map>();
      if (map == nullptr) return expected(field, "a map", value);
      return set_attributes(message.attributes(), *map);
    }
    case K::temporality:
    case K::monotonic: {
      const uint32_t data = data_field(message);
      const bool temporality = field.kind == K::temporality;
      if (temporality ? integer == nullptr : boolean == nullptr)
        return expected(field, temporality ? "an integer" : "a boolean", value);
      if (data == otlp::metric::sum ||
          (temporality && (data == otlp::metric::histogram || data == otlp::metric::exponential_histogram)))
        edit_nested(message, data, [&](MessageEditor& nested) {
          if (temporality)
            nested.set_varint(otlp::metric_data::temporality, static_cast<uint64_t>(*integer));
          else
            nested.set_varint(otlp::metric_data::is_monotonic, *boolean ? 1 : 0);
        });
      return {};
    }
    default:
      break;
  }
  if (number == 0) return {};  // this kind of point has no such field
  if (is_list(field.kind)) {
    const auto* list = value.as<Value::List>();
    if (list == nullptr || !list->empty()) return expected(field, "an empty list", value);
    message.remove(number);
    return {};
  }
  switch (field.kind) {
    case K::text:
    case K::trace_state:
      if (text == nullptr) return expected(field, "a text", value);
      message.set_bytes(number, *text);
      return {};
    case K::id:
    case K::id_text: {
      std::string id = bytes != nullptr  ? bytes->bytes
                       : text != nullptr ? bytes_of_hex(*text).value_or("")
                                         : std::string();
      const size_t size = field.name.starts_with("trace") ? 16 : 8;
      if (id.size() != size) return expected(field, fmt::format("an id of {} bytes", size), value);
      message.set_bytes(number, id);
      return {};
    }
    case K::integer:
      if (integer == nullptr) return expected(field, "an integer", value);
      message.set_varint(number, static_cast<uint64_t>(*integer));
      return {};
    case K::signed_integer:
      if (integer == nullptr) return expected(field, "an integer", value);
      message.set_varint(number, ProtobufWriter::zigzag(*integer));
      return {};
    case K::nanos:
    case K::fixed_integer:
      if (integer == nullptr) return expected(field, "an integer", value);
      message.set_fixed64(number, static_cast<uint64_t>(*integer));
      return {};
    case K::time: {
      const auto* time = value.as<UnixNanos>();
      if (time == nullptr) return expected(field, "a time", value);
      message.set_fixed64(number, static_cast<uint64_t>(time->count));
      return {};
    }
    case K::any: {
      CLEW_ASSIGN(const std::string encoded, any_of_value(value));
      message.set_bytes(number, encoded);
      return {};
    }
    case K::status_code:
      if (integer == nullptr) return expected(field, "an integer", value);
      edit_nested(message, number, [&](MessageEditor& status) {
        status.set_varint(otlp::status::code, static_cast<uint64_t>(*integer));
      });
      return {};
    case K::status_message:
      if (text == nullptr) return expected(field, "a text", value);
      edit_nested(message, number,
                  [&](MessageEditor& status) { status.set_bytes(otlp::status::message, *text); });
      return {};
    case K::as_double:
    case K::floating:
      if (floating == nullptr) return expected(field, "a floating number", value);
      if (field.kind == K::as_double) message.remove(otlp::number_point::as_int);
      message.set_fixed64(number, std::bit_cast<uint64_t>(*floating));
      return {};
    case K::as_int:
      if (integer == nullptr) return expected(field, "an integer", value);
      message.remove(otlp::number_point::as_double);
      message.set_fixed64(number, static_cast<uint64_t>(*integer));
      return {};
    default:
      return {ErrorKind::bad_input, fmt::format("{} can only be read", field.name)};
  }
}

namespace {

const std::map<std::string, int64_t, std::less<>>& constants() {
  static const auto* const all = [] {
    auto* map = new std::map<std::string, int64_t, std::less<>>{
        {"SPAN_KIND_UNSPECIFIED", 0},
        {"SPAN_KIND_INTERNAL", 1},
        {"SPAN_KIND_SERVER", 2},
        {"SPAN_KIND_CLIENT", 3},
        {"SPAN_KIND_PRODUCER", 4},
        {"SPAN_KIND_CONSUMER", 5},
        {"STATUS_CODE_UNSET", 0},
        {"STATUS_CODE_OK", 1},
        {"STATUS_CODE_ERROR", 2},
        {"AGGREGATION_TEMPORALITY_UNSPECIFIED", 0},
        {"AGGREGATION_TEMPORALITY_DELTA", 1},
        {"AGGREGATION_TEMPORALITY_CUMULATIVE", 2},
        {"METRIC_DATA_TYPE_NONE", 0},
        {"METRIC_DATA_TYPE_GAUGE", 1},
        {"METRIC_DATA_TYPE_SUM", 2},
        {"METRIC_DATA_TYPE_HISTOGRAM", 3},
        {"METRIC_DATA_TYPE_EXPONENTIAL_HISTOGRAM", 4},
        {"METRIC_DATA_TYPE_SUMMARY", 5},
        {"FLAG_NONE", 0},
        {"FLAG_NO_RECORDED_VALUE", 1},
        {"SEVERITY_NUMBER_UNSPECIFIED", 0},
    };
    int64_t number = 1;
    for (const char* level : {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"})
      for (const char* step : {"", "2", "3", "4"})
        (*map)[fmt::format("SEVERITY_NUMBER_{}{}", level, step)] = number++;
    return map;
  }();
  return *all;
}

}  // namespace

const int64_t* constant_named(std::string_view name) {
  const auto it = constants().find(name);
  return it == constants().end() ? nullptr : &it->second;
}

std::vector<std::string> constant_names() {
  std::vector<std::string> names;
  for (const auto& [name, value] : constants()) names.push_back(name);
  return names;
}

}  // namespace clew::pipeline::ottl
