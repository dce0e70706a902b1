#include "telemetry/otlp_schema.h"

#include <string>

#include "telemetry/otlp_fields.h"

namespace clew::otlp {
namespace messages {
namespace {

using enum FieldKind;
constexpr Presence kOptional = Presence::optional, kOneof = Presence::oneof, kRepeated = Presence::repeated;
constexpr Presence kImplicit = Presence::implicit;

constexpr EnumValue kSpanKinds[] = {
    {"SPAN_KIND_UNSPECIFIED", 0}, {"SPAN_KIND_INTERNAL", 1}, {"SPAN_KIND_SERVER", 2},
    {"SPAN_KIND_CLIENT", 3},      {"SPAN_KIND_PRODUCER", 4}, {"SPAN_KIND_CONSUMER", 5},
};
constexpr EnumValue kStatusCodes[] = {
    {"STATUS_CODE_UNSET", 0}, {"STATUS_CODE_OK", 1}, {"STATUS_CODE_ERROR", 2}};
constexpr EnumValue kTemporalities[] = {
    {"AGGREGATION_TEMPORALITY_UNSPECIFIED", 0},
    {"AGGREGATION_TEMPORALITY_DELTA", 1},
    {"AGGREGATION_TEMPORALITY_CUMULATIVE", 2},
};
constexpr EnumValue kSeverities[] = {
    {"SEVERITY_NUMBER_UNSPECIFIED", 0}, {"SEVERITY_NUMBER_TRACE", 1},   {"SEVERITY_NUMBER_TRACE2", 2},
    {"SEVERITY_NUMBER_TRACE3", 3},      {"SEVERITY_NUMBER_TRACE4", 4},  {"SEVERITY_NUMBER_DEBUG", 5},
    {"SEVERITY_NUMBER_DEBUG2", 6},      {"SEVERITY_NUMBER_DEBUG3", 7},  {"SEVERITY_NUMBER_DEBUG4", 8},
    {"SEVERITY_NUMBER_INFO", 9},        {"SEVERITY_NUMBER_INFO2", 10},  {"SEVERITY_NUMBER_INFO3", 11},
    {"SEVERITY_NUMBER_INFO4", 12},      {"SEVERITY_NUMBER_WARN", 13},   {"SEVERITY_NUMBER_WARN2", 14},
    {"SEVERITY_NUMBER_WARN3", 15},      {"SEVERITY_NUMBER_WARN4", 16},  {"SEVERITY_NUMBER_ERROR", 17},
    {"SEVERITY_NUMBER_ERROR2", 18},     {"SEVERITY_NUMBER_ERROR3", 19}, {"SEVERITY_NUMBER_ERROR4", 20},
    {"SEVERITY_NUMBER_FATAL", 21},      {"SEVERITY_NUMBER_FATAL2", 22}, {"SEVERITY_NUMBER_FATAL3", 23},
    {"SEVERITY_NUMBER_FATAL4", 24},
};

// Common and resource

constexpr Field kAnyValueFields[] = {
    {"stringValue", any_value::string, string, kOneof},
    {"boolValue", any_value::boolean, boolean, kOneof},
    {"intValue", any_value::integer, int64, kOneof},
    {"doubleValue", any_value::floating, floating, kOneof},
    {"arrayValue", any_value::array, message, kOneof, &messages::array_value},
    {"kvlistValue", any_value::map, message, kOneof, &messages::key_value_list},
    {"bytesValue", any_value::bytes, bytes, kOneof},
};
constexpr Field kArrayValueFields[] = {
    {"values", array_value::values, message, kRepeated, &messages::any_value},
};
constexpr Field kKeyValueListFields[] = {
    {"values", array_value::values, message, kRepeated, &messages::key_value},
};
constexpr Field kKeyValueFields[] = {
    {"key", key_value::key, string},
    {"value", key_value::value, message, kImplicit, &messages::any_value},
};
constexpr Field kEntityRefFields[] = {
    {"schemaUrl", entity_ref::schema_url, string},
    {"type", entity_ref::type, string},
    {"idKeys", entity_ref::id_keys, string, kRepeated},
    {"descriptionKeys", entity_ref::description_keys, string, kRepeated},
};
constexpr Message kEntityRef{"EntityRef", kEntityRefFields};
constexpr Field kResourceFields[] = {
    {"attributes", resource::attributes, message, kRepeated, &messages::key_value},
    {"droppedAttributesCount", resource::dropped_attributes_count, uint32},
    {"entityRefs", resource::entity_refs, message, kRepeated, &kEntityRef},
};
constexpr Field kScopeFields[] = {
    {"name", scope::name, string},
    {"version", scope::version, string},
    {"attributes", scope::attributes, message, kRepeated, &messages::key_value},
    {"droppedAttributesCount", scope::dropped_attributes_count, uint32},
};

// Traces

constexpr Field kEventFields[] = {
    {"timeUnixNano", event::time, fixed64},
    {"name", event::name, string},
    {"attributes", event::attributes, message, kRepeated, &messages::key_value},
    {"droppedAttributesCount", event::dropped_attributes_count, uint32},
};
constexpr Field kLinkFields[] = {
    {"traceId", link::trace_id, trace_id},
    {"spanId", link::span_id, span_id},
    {"traceState", link::trace_state, string},
    {"attributes", link::attributes, message, kRepeated, &messages::key_value},
    {"droppedAttributesCount", link::dropped_attributes_count, uint32},
    {"flags", link::flags, fixed32},
};
constexpr Field kStatusFields[] = {
    {"message", status::message, string},
    {"code", status::code, enumeration, kImplicit, nullptr, kStatusCodes},
};
constexpr Field kSpanFields[] = {
    {"traceId", span::trace_id, trace_id},
    {"spanId", span::span_id, span_id},
    {"traceState", span::trace_state, string},
    {"parentSpanId", span::parent_span_id, span_id},
    {"name", span::name, string},
    {"kind", span::kind, enumeration, kImplicit, nullptr, kSpanKinds},
    {"startTimeUnixNano", span::start, fixed64},
    {"endTimeUnixNano", span::end, fixed64},
    {"attributes", span::attributes, message, kRepeated, &messages::key_value},
    {"droppedAttributesCount", span::dropped_attributes_count, uint32},
    {"events", span::events, message, kRepeated, &messages::event},
    {"droppedEventsCount", span::dropped_events_count, uint32},
    {"links", span::links, message, kRepeated, &messages::link},
    {"droppedLinksCount", span::dropped_links_count, uint32},
    {"status", span::status, message, kImplicit, &messages::span_status},
    {"flags", span::flags, fixed32},
};
constexpr Field kScopeSpansFields[] = {
    {"scope", scope_items::scope, message, kImplicit, &messages::scope},
    {"spans", scope_items::items, message, kRepeated, &messages::span},
    {"schemaUrl", scope_items::schema_url, string},
};
constexpr Message kScopeSpans{"ScopeSpans", kScopeSpansFields};
constexpr Field kResourceSpansFields[] = {
    {"resource", resource_items::resource, message, kImplicit, &messages::resource},
    {"scopeSpans", resource_items::scopes, message, kRepeated, &kScopeSpans},
    {"schemaUrl", resource_items::schema_url, string},
};
constexpr Message kResourceSpans{"ResourceSpans", kResourceSpansFields};
constexpr Field kTraceRequestFields[] = {
    {"resourceSpans", request::resources, message, kRepeated, &kResourceSpans},
};
constexpr Message kTraceRequest{"ExportTraceServiceRequest", kTraceRequestFields};

// Logs

constexpr Field kLogRecordFields[] = {
    {"timeUnixNano", log_record::time, fixed64},
    {"observedTimeUnixNano", log_record::observed_time, fixed64},
    {"severityNumber", log_record::severity_number, enumeration, kImplicit, nullptr, kSeverities},
    {"severityText", log_record::severity_text, string},
    {"body", log_record::body, message, kImplicit, &messages::any_value},
    {"attributes", log_record::attributes, message, kRepeated, &messages::key_value},
    {"droppedAttributesCount", log_record::dropped_attributes_count, uint32},
    {"flags", log_record::flags, fixed32},
    {"traceId", log_record::trace_id, trace_id},
    {"spanId", log_record::span_id, span_id},
    {"eventName", log_record::event_name, string},
};
constexpr Field kScopeLogsFields[] = {
    {"scope", scope_items::scope, message, kImplicit, &messages::scope},
    {"logRecords", scope_items::items, message, kRepeated, &messages::log_record},
    {"schemaUrl", scope_items::schema_url, string},
};
constexpr Message kScopeLogs{"ScopeLogs", kScopeLogsFields};
constexpr Field kResourceLogsFields[] = {
    {"resource", resource_items::resource, message, kImplicit, &messages::resource},
    {"scopeLogs", resource_items::scopes, message, kRepeated, &kScopeLogs},
    {"schemaUrl", resource_items::schema_url, string},
};
constexpr Message kResourceLogs{"ResourceLogs", kResourceLogsFields};
constexpr Field kLogsRequestFields[] = {
    {"resourceLogs", request::resources, message, kRepeated, &kResourceLogs},
};
constexpr Message kLogsRequest{"ExportLogsServiceRequest", kLogsRequestFields};

// Metrics

constexpr Field kExemplarFields[] = {
    {"filteredAttributes", exemplar::filtered_attributes, message, kRepeated, &messages::key_value},
    {"timeUnixNano", exemplar::time, fixed64},
    {"asDouble", exemplar::as_double, floating, kOneof},
    {"asInt", exemplar::as_int, sfixed64, kOneof},
    {"spanId", exemplar::span_id, span_id},
    {"traceId", exemplar::trace_id, trace_id},
};
constexpr Field kNumberPointFields[] = {
    {"attributes", number_point::attributes, message, kRepeated, &messages::key_value},
    {"startTimeUnixNano", number_point::start, fixed64},
    {"timeUnixNano", number_point::time, fixed64},
    {"asDouble", number_point::as_double, floating, kOneof},
    {"asInt", number_point::as_int, sfixed64, kOneof},
    {"exemplars", number_point::exemplars, message, kRepeated, &messages::exemplar},
    {"flags", number_point::flags, uint32},
};
constexpr Field kHistogramPointFields[] = {
    {"attributes", histogram_point::attributes, message, kRepeated, &messages::key_value},
    {"startTimeUnixNano", histogram_point::start, fixed64},
    {"timeUnixNano", histogram_point::time, fixed64},
    {"count", histogram_point::count, fixed64},
    {"sum", histogram_point::sum, floating, kOptional},
    {"bucketCounts", histogram_point::bucket_counts, fixed64, kRepeated},
    {"explicitBounds", histogram_point::explicit_bounds, floating, kRepeated},
    {"exemplars", histogram_point::exemplars, message, kRepeated, &messages::exemplar},
    {"flags", histogram_point::flags, uint32},
    {"min", histogram_point::min, floating, kOptional},
    {"max", histogram_point::max, floating, kOptional},
};
constexpr Field kExponentialBucketsFields[] = {
    {"offset", exponential_buckets::offset, sint32},
    {"bucketCounts", exponential_buckets::bucket_counts, uint64, kRepeated},
};
constexpr Message kExponentialBuckets{"Buckets", kExponentialBucketsFields};
constexpr Field kExponentialPointFields[] = {
    {"attributes", exponential_point::attributes, message, kRepeated, &messages::key_value},
    {"startTimeUnixNano", exponential_point::start, fixed64},
    {"timeUnixNano", exponential_point::time, fixed64},
    {"count", exponential_point::count, fixed64},
    {"sum", exponential_point::sum, floating, kOptional},
    {"scale", exponential_point::scale, sint32},
    {"zeroCount", exponential_point::zero_count, fixed64},
    {"positive", exponential_point::positive, message, kImplicit, &kExponentialBuckets},
    {"negative", exponential_point::negative, message, kImplicit, &kExponentialBuckets},
    {"flags", exponential_point::flags, uint32},
    {"exemplars", exponential_point::exemplars, message, kRepeated, &messages::exemplar},
    {"min", exponential_point::min, floating, kOptional},
    {"max", exponential_point::max, floating, kOptional},
    {"zeroThreshold", exponential_point::zero_threshold, floating},
};
constexpr Field kQuantileFields[] = {
    {"quantile", quantile::quantile, floating},
    {"value", quantile::value, floating},
};
constexpr Message kQuantile{"ValueAtQuantile", kQuantileFields};
constexpr Field kSummaryPointFields[] = {
    {"attributes", summary_point::attributes, message, kRepeated, &messages::key_value},
    {"startTimeUnixNano", summary_point::start, fixed64},
    {"timeUnixNano", summary_point::time, fixed64},
    {"count", summary_point::count, fixed64},
    {"sum", summary_point::sum, floating},
    {"quantileValues", summary_point::quantile_values, message, kRepeated, &kQuantile},
    {"flags", summary_point::flags, uint32},
};
constexpr Field kGaugeFields[] = {
    {"dataPoints", metric_data::points, message, kRepeated, &messages::number_point},
};
constexpr Message kGauge{"Gauge", kGaugeFields};
constexpr Field kSumFields[] = {
    {"dataPoints", metric_data::points, message, kRepeated, &messages::number_point},
    {"aggregationTemporality", metric_data::temporality, enumeration, kImplicit, nullptr, kTemporalities},
    {"isMonotonic", metric_data::is_monotonic, boolean},
};
constexpr Message kSum{"Sum", kSumFields};
constexpr Field kHistogramFields[] = {
    {"dataPoints", metric_data::points, message, kRepeated, &messages::histogram_point},
    {"aggregationTemporality", metric_data::temporality, enumeration, kImplicit, nullptr, kTemporalities},
};
constexpr Message kHistogram{"Histogram", kHistogramFields};
constexpr Field kExponentialHistogramFields[] = {
    {"dataPoints", metric_data::points, message, kRepeated, &messages::exponential_point},
    {"aggregationTemporality", metric_data::temporality, enumeration, kImplicit, nullptr, kTemporalities},
};
constexpr Message kExponentialHistogram{"ExponentialHistogram", kExponentialHistogramFields};
constexpr Field kSummaryFields[] = {
    {"dataPoints", metric_data::points, message, kRepeated, &messages::summary_point},
};
constexpr Message kSummary{"Summary", kSummaryFields};
constexpr Field kMetricFields[] = {
    {"name", metric::name, string},
    {"description", metric::description, string},
    {"unit", metric::unit, string},
    {"gauge", metric::gauge, message, kOneof, &kGauge},
    {"sum", metric::sum, message, kOneof, &kSum},
    {"histogram", metric::histogram, message, kOneof, &kHistogram},
    {"exponentialHistogram", metric::exponential_histogram, message, kOneof, &kExponentialHistogram},
    {"summary", metric::summary, message, kOneof, &kSummary},
    {"metadata", metric::metadata, message, kRepeated, &messages::key_value},
};
constexpr Field kScopeMetricsFields[] = {
    {"scope", scope_items::scope, message, kImplicit, &messages::scope},
    {"metrics", scope_items::items, message, kRepeated, &messages::metric},
    {"schemaUrl", scope_items::schema_url, string},
};
constexpr Message kScopeMetrics{"ScopeMetrics", kScopeMetricsFields};
constexpr Field kResourceMetricsFields[] = {
    {"resource", resource_items::resource, message, kImplicit, &messages::resource},
    {"scopeMetrics", resource_items::scopes, message, kRepeated, &kScopeMetrics},
    {"schemaUrl", resource_items::schema_url, string},
};
constexpr Message kResourceMetrics{"ResourceMetrics", kResourceMetricsFields};
constexpr Field kMetricsRequestFields[] = {
    {"resourceMetrics", request::resources, message, kRepeated, &kResourceMetrics},
};
constexpr Message kMetricsRequest{"ExportMetricsServiceRequest", kMetricsRequestFields};

// Answers

constexpr Field kTracePartialFields[] = {
    {"rejectedSpans", partial_success::rejected, int64},
    {"errorMessage", partial_success::message, string},
};
constexpr Field kLogsPartialFields[] = {
    {"rejectedLogRecords", partial_success::rejected, int64},
    {"errorMessage", partial_success::message, string},
};
constexpr Field kMetricsPartialFields[] = {
    {"rejectedDataPoints", partial_success::rejected, int64},
    {"errorMessage", partial_success::message, string},
};
constexpr Message kTracePartial{"ExportTracePartialSuccess", kTracePartialFields};
constexpr Message kLogsPartial{"ExportLogsPartialSuccess", kLogsPartialFields};
constexpr Message kMetricsPartial{"ExportMetricsPartialSuccess", kMetricsPartialFields};
constexpr Field kTraceResponseFields[] = {
    {"partialSuccess", response::partial_success, message, kImplicit, &kTracePartial},
};
constexpr Field kLogsResponseFields[] = {
    {"partialSuccess", response::partial_success, message, kImplicit, &kLogsPartial},
};
constexpr Field kMetricsResponseFields[] = {
    {"partialSuccess", response::partial_success, message, kImplicit, &kMetricsPartial},
};
constexpr Message kTraceResponse{"ExportTraceServiceResponse", kTraceResponseFields};
constexpr Message kLogsResponse{"ExportLogsServiceResponse", kLogsResponseFields};
constexpr Message kMetricsResponse{"ExportMetricsServiceResponse", kMetricsResponseFields};
constexpr Field kRpcStatusFields[] = {
    {"code", rpc_status::code, int32},
    {"message", rpc_status::message, string},
};

}  // namespace

constinit const Message any_value{"AnyValue", kAnyValueFields};
constinit const Message array_value{"ArrayValue", kArrayValueFields};
constinit const Message key_value_list{"KeyValueList", kKeyValueListFields};
constinit const Message key_value{"KeyValue", kKeyValueFields};
constinit const Message resource{"Resource", kResourceFields};
constinit const Message scope{"InstrumentationScope", kScopeFields};
constinit const Message span{"Span", kSpanFields};
constinit const Message event{"Event", kEventFields};
constinit const Message link{"Link", kLinkFields};
constinit const Message span_status{"Status", kStatusFields};
constinit const Message log_record{"LogRecord", kLogRecordFields};
constinit const Message metric{"Metric", kMetricFields};
constinit const Message number_point{"NumberDataPoint", kNumberPointFields};
constinit const Message histogram_point{"HistogramDataPoint", kHistogramPointFields};
constinit const Message exponential_point{"ExponentialHistogramDataPoint", kExponentialPointFields};
constinit const Message summary_point{"SummaryDataPoint", kSummaryPointFields};
constinit const Message exemplar{"Exemplar", kExemplarFields};
constinit const Message rpc_status{"google.rpc.Status", kRpcStatusFields};

}  // namespace messages

const Field* Message::field(uint32_t number) const {
  for (const Field& candidate : fields) {
    if (candidate.number == number) return &candidate;
  }
  return nullptr;
}

const Field* Message::field(std::string_view json_name) const {
  for (const Field& candidate : fields) {
    if (candidate.json_name == json_name) return &candidate;
  }
  if (json_name.find('_') == std::string_view::npos) return nullptr;
  std::string camel_case;
  bool upper = false;
  for (const char c : json_name) {
    if (c == '_') {
      upper = true;
    } else {
      camel_case += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      upper = false;
    }
  }
  return camel_case.find('_') == std::string::npos ? field(std::string_view(camel_case)) : nullptr;
}

const Message& export_request(Signal signal) {
  switch (signal) {
    case Signal::traces:
      return messages::kTraceRequest;
    case Signal::logs:
      return messages::kLogsRequest;
    case Signal::metrics:
      return messages::kMetricsRequest;
  }
  return messages::kTraceRequest;
}

const Message& export_response(Signal signal) {
  switch (signal) {
    case Signal::traces:
      return messages::kTraceResponse;
    case Signal::logs:
      return messages::kLogsResponse;
    case Signal::metrics:
      return messages::kMetricsResponse;
  }
  return messages::kTraceResponse;
}

}  // namespace clew::otlp
