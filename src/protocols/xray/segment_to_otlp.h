// From X-Ray's segment documents to OTLP. docs/compat/xray.md says what becomes of each member; nothing of a
// document is lost: segments_of() (otlp_to_segment.h) gives it back.
#pragma once

#include <span>
#include <string>

#include "protocols/xray/segment_document.h"

namespace clew::xray {

struct TranslatedSegments {
  std::string otlp;    // an ExportTraceServiceRequest
  uint64_t spans = 0;  // segments and subsegments in it
};

// One ResourceSpans for each document: the segment is a span, each subsegment a child. A subsegment sent on
// its own gets the service of its segment when that is among `documents`, otherwise none.
TranslatedSegments segments_to_otlp(std::span<const SegmentDocument> documents);

}  // namespace clew::xray
