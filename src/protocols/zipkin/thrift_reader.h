// Spans from Zipkin's Thrift: a list of version 1 spans in the binary protocol.
#pragma once

#include <string_view>

#include "base/result.h"
#include "protocols/zipkin/v1_span.h"

namespace clew::zipkin {

Status read_thrift(std::string_view list, V1Converter& converter);

}  // namespace clew::zipkin
