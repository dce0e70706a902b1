// A trace in a list, as the API writes it.
#pragma once

#include "base/json_writer.h"
#include "query/trace_search.h"

namespace clew::api {

void write_trace_summary(JsonWriter& json, const query::TraceSummary& trace);

}  // namespace clew::api
