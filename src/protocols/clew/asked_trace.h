// The trace that a call names by its parameter trace_id, in any spelling. Errors say what was asked for.
#pragma once

#include "protocols/clew/call.h"
#include "query/trace.h"

namespace clew::api {

Result<TraceId> asked_trace_id(const Call& call);

// not_found when no span of it is stored.
Result<query::Trace> fetch_asked_trace(const Call& call, query::TraceSource::Fields fields);
// Of that trace one span with its events, links and log records.
Result<query::Trace> fetch_asked_span(const Call& call, const SpanId& id);

}  // namespace clew::api
