// The exceptions in the cause of a segment, as OpenTelemetry describes exceptions.
#pragma once

#include <string>
#include <vector>

#include "base/json_value.h"

namespace clew::xray {

struct Exception {
  std::string id;
  std::string type;
  std::string message;
  std::string stacktrace;  // one line a frame: "    at label (path:line)"
};

// Of the segment or subsegment `node` itself; none when its cause only refers to another's.
std::vector<Exception> exceptions_of(const JsonValue& node);
std::string first_exception_message(const JsonValue& node);

}  // namespace clew::xray
