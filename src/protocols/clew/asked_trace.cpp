#include "protocols/clew/asked_trace.h"

namespace clew::api {
namespace {

Result<query::Trace> fetch(const Call& call, const TraceId& id, query::TraceSource::Fields fields,
                           const std::optional<SpanId>& only) {
  query::TraceSource source;
  source.traces = call.snapshot(Signal::traces);
  source.logs = call.snapshot(Signal::logs);
  source.fields = fields;
  source.only = only;
  Watch watch(call);
  return query::fetch_trace(id, source, watch.run_options());
}

}  // namespace

Result<TraceId> asked_trace_id(const Call& call) {
  const std::string text = call.request.parameter("trace_id").value_or(std::string());
  if (const std::optional<TraceId> id = parse_trace_id(text)) return *id;
  return Status(ErrorKind::bad_input,
                "\"" + text +
                    "\" is not a trace id: 32 or 16 hex digits, with or without dashes, X-Ray's "
                    "1-5759e988-…, base64 of 16 bytes, or a traceparent header");
}

Result<query::Trace> fetch_asked_trace(const Call& call, query::TraceSource::Fields fields) {
  CLEW_ASSIGN(const TraceId id, asked_trace_id(call));
  Result<query::Trace> trace = fetch(call, id, fields, std::nullopt);
  if (trace.ok() && trace->spans.size() == 0) {
    return Status(ErrorKind::not_found, "No span of the trace " + id.to_hex() + " has arrived");
  }
  return trace;
}

Result<query::Trace> fetch_asked_span(const Call& call, const SpanId& id) {
  CLEW_ASSIGN(const TraceId trace_id, asked_trace_id(call));
  Result<query::Trace> trace = fetch(call, trace_id, query::TraceSource::Fields::all, id);
  const bool is_missing =
      trace.ok() ? trace->spans.size() == 0 : trace.status().kind() == ErrorKind::not_found;
  if (!is_missing) return trace;
  return Status(ErrorKind::not_found, "The trace " + trace_id.to_hex() + " has no span " + id.to_hex());
}

}  // namespace clew::api
