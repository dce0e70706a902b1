// OTLP between its two encodings. JSON is translated to protobuf at the door, and back only to be shown to
// someone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "telemetry/batch.h"
#include "telemetry/otlp_schema.h"

namespace clew {

// The protobuf bytes of an Export…ServiceRequest given as JSON. Takes what OTLP prescribes, and what senders
// are seen to write instead: snake_case keys, names of enumerations, numbers and strings for one another,
// base64 ids. Unknown keys are skipped, null is absent. bad_input names the place:
// "resourceSpans[0].scopeSpans[0].spans[3].traceId: …".
Result<std::string> json_to_protobuf(Signal signal, std::string_view json);
Result<std::string> json_to_protobuf(const otlp::Message& message, std::string_view json);

// The signal of a JSON request, told by its first key that belongs to one.
std::optional<Signal> signal_of_json(std::string_view json);

// One line of JSON as OTLP prescribes it: 64-bit integers as strings, ids in hex. Fields that are not in the
// table are left out, strings that are not UTF-8 are mended with U+FFFD. bad_input when the bytes are not
// protobuf.
Result<std::string> protobuf_to_json(Signal signal, std::string_view protobuf);
Result<std::string> protobuf_to_json(const otlp::Message& message, std::string_view protobuf);

}  // namespace clew
