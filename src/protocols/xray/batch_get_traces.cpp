// BatchGetTraces: traces as segment documents.
#include <charconv>

#include <fmt/format.h>

#include "protocols/xray/input.h"
#include "protocols/xray/operations.h"
#include "protocols/xray/segment_document.h"
#include "protocols/xray/trace_reading.h"

namespace clew::xray {
namespace {

// AWS takes five.
constexpr size_t kMostTraces = 100;
// A page ends with the trace that makes it longer than this.
constexpr size_t kPageBytes = size_t{4} << 20;

void write_trace(JsonWriter& json, const std::string& id, const TraceModel& trace) {
  json.begin_object().key("Id").string(id);
  json.key("Duration").number(seconds_between(trace.start(), trace.end()));
  json.key("LimitExceeded").boolean(false).key("Segments").begin_array();
  for (const JsonValue* document : trace.documents()) {
    json.begin_object().key("Id").string(text_at(*document, {"id"}));
    json.key("Document").string(document->text()).end_object();
  }
  json.end_array().end_object();
}

}  // namespace

Answer batch_get_traces(const Call& call) {
  Input input(call.input);
  const std::vector<std::string> ids = input.required_texts("TraceIds", {0, kMostTraces});
  const std::string after = next_place(input, "traces");
  size_t next = 0;
  if (!after.empty()) {
    const auto [rest, problem] = std::from_chars(after.data(), after.data() + after.size(), next);
    if (problem != std::errc() || rest != after.data() + after.size() || next > ids.size())
      input.refuse(std::string("Invalid NextToken"));
  }
  for (const std::string& id : ids) {
    if (!read_trace_id(id)) input.refuse(fmt::format("Invalid trace id: {}", id.substr(0, 60)));
  }
  if (!input.ok()) return input.error();

  const store::Snapshot snapshot = call.snapshot(Signal::traces);
  JsonWriter json;
  json.begin_object().key("Traces").begin_array();
  std::vector<std::string> unknown;
  for (; next < ids.size() && json.text().size() < kPageBytes; ++next) {
    const TraceId id = *read_trace_id(ids[next]);
    Result<std::optional<ReadTrace>> trace = read_trace(call, snapshot, id);
    if (!trace.ok()) return error_of(trace.status());
    if (*trace) {
      write_trace(json, trace_id_text(id), (*trace)->model);
    } else {
      unknown.push_back(ids[next]);
    }
  }
  json.end_array().key("UnprocessedTraceIds").begin_array();
  for (const std::string& id : unknown) json.string(id);
  json.end_array();
  if (next < ids.size()) json.key("NextToken").string(page_token("traces", std::to_string(next)));
  json.end_object();
  return json.take();
}

}  // namespace clew::xray
