// SegmentDocument: a segment document that was read and found valid.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/json_value.h"
#include "base/time.h"
#include "telemetry/ids.h"

namespace clew::xray {

// Larger documents are refused. A datagram never holds that much; requests do.
constexpr size_t kMaxDocumentBytes = size_t{1} << 20;
constexpr size_t kDeepestDocument = 100;
constexpr size_t kMaxSubsegments = 10'000;

struct SegmentDocument {
  JsonValue json;  // an object; all subsegments in it are valid too
  TraceId trace_id;
  SpanId id;
  bool is_subsegment = false;  // sent on its own
  std::string name;
};

// Why a document is not taken, in the words that X-Ray's clients know.
struct SegmentFault {
  std::string id;  // of the segment; empty when it has none
  std::string code;
  std::string message;
};

std::variant<SegmentDocument, SegmentFault> read_segment_document(std::string_view text);

// "1-5759e988-bd862e3fe1be46a994272793", or any 32 hex digits.
std::optional<TraceId> read_trace_id(std::string_view text);
std::string trace_id_text(const TraceId& id);

// Seconds since 1970 as documents have them, and back. Exact for every double between 1970 and 2262 that is
// a whole number of nanoseconds or came from a clock of that resolution; saturating beyond.
UnixNanos time_from_seconds(double seconds);
double seconds_of(UnixNanos at);

}  // namespace clew::xray
