// A span as JSON in OpenTelemetry's terms, with flat attributes, as the retrieval operations give it out.
#pragma once

#include <string>

#include "query/trace.h"

namespace clew::xray {

std::string span_json(const query::Trace& trace, size_t row);

}  // namespace clew::xray
