// Jaeger's query API under /api, for Grafana's data source and scripts.
#pragma once

#include "protocols/trace_questions.h"

namespace clew::jaeger {

// All of it: the first generation, the one under /api/v3, and the metrics of its page.
void add_query_routes(TraceQuestions& questions, Router& router);

void add_v3_routes(TraceQuestions& questions, Router& router);
void add_metrics_routes(TraceQuestions& questions, Router& router);

}  // namespace clew::jaeger
