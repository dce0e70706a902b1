// split_by_trace: the spans of a request, a request for each trace.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::pipeline {

struct TracePiece {
  std::string trace_id;  // as it came; of a sound span 16 bytes
  std::string request;
  uint64_t spans = 0;
  bool has_root = false;  // a span without a parent; only when it was looked for
};

enum class Roots : uint8_t { ignored, looked_for };
// In the order in which the traces appear. bad_input when malformed.
Result<std::vector<TracePiece>> split_by_trace(std::string_view request, Roots roots = Roots::ignored);

// The trace id of a Span message. Throws protozero::exception when it is malformed.
std::string_view trace_id_of_span(std::string_view span);
// Whether a Span message names no parent. Throws likewise.
bool is_root_span(std::string_view span);

}  // namespace clew::pipeline
