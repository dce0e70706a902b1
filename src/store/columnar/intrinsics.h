// The intrinsic columns a block can have, as one list: enumerator, name, type.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "store/segment.h"
#include "telemetry/semantic_names.h"

namespace clew::store {

#define CLEW_INTRINSICS(X)                                            \
  X(time, names::kTime, time)                                         \
  X(origin, names::kOrigin, bytes)                                    \
  X(annotation_type, names::kAnnotationType, string)                  \
  X(sample_rate, names::kSampleRate, int64)                           \
  X(dropped_attributes, names::kDroppedAttributes, int64)             \
  X(trace_id, names::kTraceId, trace_id)                              \
  X(span_id, names::kSpanId, span_id)                                 \
  X(parent_id, names::kParentId, span_id)                             \
  X(trace_state, names::kTraceState, string)                          \
  X(name, names::kName, string)                                       \
  X(parent_name, names::kParentName, string)                          \
  X(duration, names::kDuration, duration)                             \
  X(end_time, names::kEndTime, time)                                  \
  X(invalid_duration, names::kInvalidDuration, boolean)               \
  X(span_kind, names::kSpanKind, string)                              \
  X(status_code, names::kStatusCode, int64)                           \
  X(status_message, names::kStatusMessage, string)                    \
  X(error, names::kError, boolean)                                    \
  X(flags, names::kFlags, int64)                                      \
  X(event_count, names::kEventCount, int64)                           \
  X(link_count, names::kLinkCount, int64)                             \
  X(dropped_events, names::kDroppedEvents, int64)                     \
  X(dropped_links, names::kDroppedLinks, int64)                       \
  X(exception_type, names::kExceptionType, string)                    \
  X(exception_message, names::kExceptionMessage, string)              \
  X(exception_stack, names::kExceptionStack, string)                  \
  X(exception_escaped, names::kExceptionEscaped, boolean)             \
  X(time_since_start, names::kTimeSinceStart, duration)               \
  X(invalid_time_since_start, names::kInvalidTimeSinceStart, boolean) \
  X(link_trace_id, names::kLinkTraceId, trace_id)                     \
  X(link_span_id, names::kLinkSpanId, span_id)                        \
  X(severity, names::kSeverity, string)                               \
  X(severity_code, names::kSeverityCode, int64)                       \
  X(severity_text, names::kSeverityText, string)                      \
  X(observed_time, names::kObservedTime, time)                        \
  X(event_name, names::kEventName, string)                            \
  X(metric_name, names::kMetricName, string)                          \
  X(metric_kind, names::kMetricKind, string)                          \
  X(metric_unit, names::kMetricUnit, string)                          \
  X(metric_description, names::kMetricDescription, string)            \
  X(metric_temporality, names::kMetricTemporality, string)            \
  X(metric_monotonic, names::kMetricMonotonic, boolean)               \
  X(metric_start, names::kMetricStart, time)                          \
  X(metric_series, names::kMetricSeries, int64)                       \
  X(metric_value_integer, names::kMetricValue, int64)                 \
  X(metric_value_float, names::kMetricValue, float64)                 \
  X(metric_count, names::kMetricCount, int64)                         \
  X(metric_sum, names::kMetricSum, float64)                           \
  X(metric_min, names::kMetricMin, float64)                           \
  X(metric_max, names::kMetricMax, float64)                           \
  X(metric_point, names::kMetricPoint, bytes)                         \
  X(metric_metadata, names::kMetricMetadata, bytes)

enum class Intrinsic : uint8_t {
#define X(identifier, name, type) identifier,
  CLEW_INTRINSICS(X)
#undef X
};

struct IntrinsicColumn {
  std::string_view name;
  ColumnType type;
};

inline constexpr IntrinsicColumn kIntrinsics[] = {
#define X(identifier, name, type) {name, ColumnType::type},
    CLEW_INTRINSICS(X)
#undef X
};
inline constexpr size_t kIntrinsicCount = std::size(kIntrinsics);

}  // namespace clew::store
