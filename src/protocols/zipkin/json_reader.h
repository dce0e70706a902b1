// Spans from Zipkin's JSON: version 2, and version 1 (annotations and binary annotations).
#pragma once

#include <string_view>

#include "base/result.h"
#include "protocols/zipkin/span.h"
#include "protocols/zipkin/v1_span.h"

namespace clew::zipkin {

// A list of spans; one alone is taken too. Fails with what is wrong and where: "spans[3].id: …". Spans that
// came before it have been given to `sink`.
Status read_json_v2(std::string_view json, SpanSink& sink);
Status read_json_v1(std::string_view json, V1Converter& converter);

}  // namespace clew::zipkin
