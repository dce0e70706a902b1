// A trace as it came: one OTLP/JSON TracesData document.
#pragma once

#include <string>

#include "query/trace.h"

namespace clew::api {

std::string otlp_json_of(const query::Trace& trace);

}  // namespace clew::api
