// Spans from Zipkin's protobuf: ListOfSpans of zipkin.proto.
#pragma once

#include <string_view>

#include "base/result.h"
#include "protocols/zipkin/span.h"

namespace clew::zipkin {

Status read_proto(std::string_view list, SpanSink& sink);

}  // namespace clew::zipkin
