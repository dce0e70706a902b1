// Field numbers of the OTLP protobuf messages (opentelemetry-proto 1.x), by message.
#pragma once

#include <cstdint>

namespace clew::otlp {

namespace request {
enum : uint32_t { resources = 1 };
}  // namespace request
namespace resource_items {  // ResourceSpans, ResourceLogs, ResourceMetrics
enum : uint32_t { resource = 1, scopes = 2, schema_url = 3 };
}
namespace scope_items {  // ScopeSpans, ScopeLogs, ScopeMetrics
enum : uint32_t { scope = 1, items = 2, schema_url = 3 };
}
namespace resource {
enum : uint32_t { attributes = 1, dropped_attributes_count = 2, entity_refs = 3 };
}
namespace entity_ref {
enum : uint32_t { schema_url = 1, type = 2, id_keys = 3, description_keys = 4 };
}
namespace scope {
enum : uint32_t { name = 1, version = 2, attributes = 3, dropped_attributes_count = 4 };
}
namespace key_value {
enum : uint32_t { key = 1, value = 2 };
}
namespace any_value {
enum : uint32_t { string = 1, boolean = 2, integer = 3, floating = 4, array = 5, map = 6, bytes = 7 };
}
namespace array_value {
enum : uint32_t { values = 1 };
}  // namespace array_value
namespace span {
enum : uint32_t {
  trace_id = 1,
  span_id = 2,
  trace_state = 3,
  parent_span_id = 4,
  name = 5,
  kind = 6,
  start = 7,
  end = 8,
  attributes = 9,
  dropped_attributes_count = 10,
  events = 11,
  dropped_events_count = 12,
  links = 13,
  dropped_links_count = 14,
  status = 15,
  flags = 16
};
}
namespace event {
enum : uint32_t { time = 1, name = 2, attributes = 3, dropped_attributes_count = 4 };
}
namespace link {
enum : uint32_t {
  trace_id = 1,
  span_id = 2,
  trace_state = 3,
  attributes = 4,
  dropped_attributes_count = 5,
  flags = 6
};
}
namespace status {
enum : uint32_t { message = 2, code = 3 };
}
namespace log_record {
enum : uint32_t {
  time = 1,
  severity_number = 2,
  severity_text = 3,
  body = 5,
  attributes = 6,
  dropped_attributes_count = 7,
  flags = 8,
  trace_id = 9,
  span_id = 10,
  observed_time = 11,
  event_name = 12
};
}
namespace metric {
enum : uint32_t {
  name = 1,
  description = 2,
  unit = 3,
  gauge = 5,
  sum = 7,
  histogram = 9,
  exponential_histogram = 10,
  summary = 11,
  metadata = 12
};
}
namespace metric_data {  // Gauge, Sum, Histogram, ExponentialHistogram, Summary
enum : uint32_t { points = 1, temporality = 2, is_monotonic = 3 };
}
namespace number_point {
enum : uint32_t { start = 2, time = 3, as_double = 4, exemplars = 5, as_int = 6, attributes = 7, flags = 8 };
}
namespace histogram_point {
enum : uint32_t {
  start = 2,
  time = 3,
  count = 4,
  sum = 5,
  bucket_counts = 6,
  explicit_bounds = 7,
  exemplars = 8,
  attributes = 9,
  flags = 10,
  min = 11,
  max = 12
};
}
namespace exponential_point {
enum : uint32_t {
  attributes = 1,
  start = 2,
  time = 3,
  count = 4,
  sum = 5,
  scale = 6,
  zero_count = 7,
  positive = 8,
  negative = 9,
  flags = 10,
  exemplars = 11,
  min = 12,
  max = 13,
  zero_threshold = 14
};
}
namespace exponential_buckets {
enum : uint32_t { offset = 1, bucket_counts = 2 };
}
namespace summary_point {
enum : uint32_t { start = 2, time = 3, count = 4, sum = 5, quantile_values = 6, attributes = 7, flags = 8 };
}
namespace quantile {
enum : uint32_t { quantile = 1, value = 2 };
}
namespace exemplar {
enum : uint32_t { time = 2, as_double = 3, span_id = 4, trace_id = 5, as_int = 6, filtered_attributes = 7 };
}
namespace partial_success {
enum : uint32_t { rejected = 1, message = 2 };
}
namespace response {
enum : uint32_t { partial_success = 1 };
}
namespace rpc_status {
enum : uint32_t { code = 1, message = 2, details = 3 };
}  // namespace rpc_status

}  // namespace clew::otlp
