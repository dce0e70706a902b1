#include "protocols/clew/trace_summary_json.h"

#include <algorithm>

#include "protocols/clew/values.h"

namespace clew::api {

void write_trace_summary(JsonWriter& json, const query::TraceSummary& trace) {
  json.begin_object().key("trace_id").string(trace.id.to_hex()).time_members("start", trace.start);
  json.key("duration_ns").integer(std::max<int64_t>(trace.duration.count, 0));
  json.key("duration_ms").number(std::max(trace.duration.to_milliseconds(), 0.0)).key("root");
  if (trace.root_is_missing) {
    json.null();
  } else {
    write_text_or_null(json.begin_object().key("service"), trace.root_service);
    write_text_or_null(json.key("name"), trace.root_name);
    json.end_object();
  }
  json.key("spans").integer(std::max<uint64_t>(trace.span_count, 1)).key("errors").integer(trace.error_count);
  json.key("services").begin_array();
  for (const std::string& service : trace.services) json.string(service);
  json.end_array().end_object();
}

}  // namespace clew::api
