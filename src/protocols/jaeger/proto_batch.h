// Batches of Jaeger's protobuf (model.proto), as PostSpans of gRPC brings them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace clew::jaeger {

// A PostSpansRequest as an ExportTraceServiceRequest, empty when there were no spans.
Result<std::string> read_post_spans(std::string_view request);

}  // namespace clew::jaeger
