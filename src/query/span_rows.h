// keep_rows_of_span(): of a trace's rows, those of one span: itself, its events and links, and its log
// records.
#pragma once

#include <vector>

#include "base/result.h"
#include "query/trace_rows_finder.h"
#include "telemetry/ids.h"

namespace clew::query {

// Granules of which nothing remains are taken out.
Status keep_rows_of_span(std::vector<TraceGranule>& granules, const SpanId& id);

}  // namespace clew::query
