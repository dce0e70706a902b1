// Batches of Jaeger's Thrift: bare, as they come over HTTP, and as the call emitBatch in a datagram.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace clew::jaeger {

// Both give an ExportTraceServiceRequest, empty when there were no spans.
// A struct Batch in the binary protocol.
Result<std::string> read_batch(std::string_view bytes);
// A message: head, method, arguments; of the compact or the binary protocol, as its first byte says.
Result<std::string> read_emit_batch(std::string_view datagram);

}  // namespace clew::jaeger
