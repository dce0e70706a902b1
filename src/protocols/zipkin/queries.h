// Zipkin's query API under /api/v2, for Grafana's data source, Zipkin's own page and scripts.
#pragma once

#include "protocols/trace_questions.h"

namespace clew::zipkin {

void add_query_routes(TraceQuestions& questions, Router& router);

}  // namespace clew::zipkin
