// The intrinsic columns: fields of the data model itself, under the names a user types (Honeycomb's, where it
// has one).
#pragma once

#include <string_view>

namespace clew::names {

// All signals
inline constexpr std::string_view kTime = "time";  // time; spans: start
inline constexpr std::string_view kOrigin =
    "meta.origin";  // not a user's column: resource + scope, by reference
inline constexpr std::string_view kAnnotationType =
    "meta.annotation_type";  // string: span_event, link; absent on spans
inline constexpr std::string_view kSampleRate = "meta.sample_rate";                // int64, absent = 1
inline constexpr std::string_view kDroppedAttributes = "meta.dropped_attributes";  // int64, absent = 0

// Spans, their events and links; logs carry the ids too
inline constexpr std::string_view kTraceId = "trace.trace_id";  // trace_id
inline constexpr std::string_view kSpanId = "trace.span_id";    // span_id; absent on events and links
inline constexpr std::string_view kParentId =
    "trace.parent_id";  // span_id; events, links, logs: the owning span
inline constexpr std::string_view kTraceState = "trace.trace_state";  // string
inline constexpr std::string_view kName = "name";                     // string
inline constexpr std::string_view kParentName =
    "parent_name";  // string; events and links: name of the owning span
inline constexpr std::string_view kDuration =
    "duration_ns";  // duration; spans only. duration_ms derives from it
inline constexpr std::string_view kInvalidDuration =
    "meta.invalid_duration";                                    // boolean, true (end before start) or absent
inline constexpr std::string_view kEndTime = "meta.end_time";   // time; only when the duration is invalid
inline constexpr std::string_view kSpanKind = "span.kind";      // string: server, client, …
inline constexpr std::string_view kStatusCode = "status_code";  // int64: 0 unset, 1 ok, 2 error; spans only
inline constexpr std::string_view kStatusMessage = "status_message";       // string
inline constexpr std::string_view kError = "error";                        // boolean, true or absent
inline constexpr std::string_view kFlags = "meta.flags";                   // int64, absent = 0
inline constexpr std::string_view kEventCount = "span.num_events";         // int64, absent = 0
inline constexpr std::string_view kLinkCount = "span.num_links";           // int64, absent = 0
inline constexpr std::string_view kDroppedEvents = "meta.dropped_events";  // int64, absent = 0
inline constexpr std::string_view kDroppedLinks = "meta.dropped_links";    // int64, absent = 0
// Of the span's first exception event, beside what the span itself says; never on the event's own row
inline constexpr std::string_view kExceptionType = "exception.type";         // string
inline constexpr std::string_view kExceptionMessage = "exception.message";   // string
inline constexpr std::string_view kExceptionStack = "exception.stacktrace";  // string
inline constexpr std::string_view kExceptionEscaped = "exception.escaped";   // boolean
inline constexpr std::string_view kTimeSinceStart =
    "meta.time_since_span_start_ns";  // duration; events only. meta.time_since_span_start_ms derives from it
inline constexpr std::string_view kInvalidTimeSinceStart =
    "meta.invalid_time_since_span_start";  // boolean, true (an event before its span) or absent
inline constexpr std::string_view kLinkTraceId = "trace.link.trace_id";  // trace_id
inline constexpr std::string_view kLinkSpanId = "trace.link.span_id";    // span_id

// An attribute, true on a span that was sent before it ended. The ended one follows, under the same id.
inline constexpr std::string_view kInProgress = "aws.xray.inprogress";  // boolean

// Resource and instrumentation scope (intrinsic columns that come with the origin)
inline constexpr std::string_view kLibraryName = "library.name";            // string
inline constexpr std::string_view kLibraryVersion = "library.version";      // string
inline constexpr std::string_view kResourceSchema = "resource.schema_url";  // string
inline constexpr std::string_view kScopeSchema = "scope.schema_url";        // string

// Logs
inline constexpr std::string_view kBody = "body";                   // any type; maps also as body.<key>
inline constexpr std::string_view kSeverity = "severity";           // string: info, error, …
inline constexpr std::string_view kSeverityCode = "severity_code";  // int64
inline constexpr std::string_view kSeverityText = "severity_text";  // string
inline constexpr std::string_view kObservedTime = "observed_time";  // time
inline constexpr std::string_view kEventName = "event.name";        // string

// Metrics: a row is a data point
inline constexpr std::string_view kMetricName = "metric.name";  // string
inline constexpr std::string_view kMetricKind =
    "metric.kind";  // string: gauge, sum, histogram, exponential_histogram, summary
inline constexpr std::string_view kMetricUnit = "metric.unit";                // string
inline constexpr std::string_view kMetricDescription = "metric.description";  // string
inline constexpr std::string_view kMetricTemporality =
    "metric.temporality";  // string: delta, cumulative; absent = unspecified
inline constexpr std::string_view kMetricMonotonic = "metric.monotonic";  // boolean, true or absent
inline constexpr std::string_view kMetricStart = "metric.start_time";     // time
inline constexpr std::string_view kMetricSeries =
    "metric.series";  // int64: the same for points of one metric, origin and set of attributes
inline constexpr std::string_view kMetricValue = "metric.value";  // int64 or float64: gauge, sum
inline constexpr std::string_view kMetricCount = "metric.count";  // int64: histograms, summary
inline constexpr std::string_view kMetricSum = "metric.sum";      // float64
inline constexpr std::string_view kMetricMin = "metric.min";      // float64
inline constexpr std::string_view kMetricMax = "metric.max";      // float64
inline constexpr std::string_view kMetricPoint =
    "metric.point";  // bytes: the rest of the data point (bounds, counts, quantiles,
                     // exemplars) as OTLP protobuf, so that nothing is lost
inline constexpr std::string_view kMetricMetadata =
    "metric.metadata";  // bytes: Metric.metadata as OTLP protobuf

}  // namespace clew::names
