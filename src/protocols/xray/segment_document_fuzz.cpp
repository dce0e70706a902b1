// Any text as a segment document: what is taken can be translated, and is one segment when it comes back.
#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/xray/segment_document.h"
#include "protocols/xray/segment_to_otlp.h"

CLEW_FUZZ(xray_segment_document) {
  using namespace clew::xray;
  auto read = read_segment_document(bytes);
  if (const auto* fault = std::get_if<SegmentFault>(&read)) {
    if (fault->code.empty() || fault->message.empty()) clew::bug("a fault without a reason");
    return;
  }
  const SegmentDocument& document = std::get<SegmentDocument>(read);
  const TranslatedSegments translated = segments_to_otlp(std::span(&document, 1));
  if (translated.spans == 0 || translated.otlp.empty()) clew::bug("a document without a span");
  // What was read reads the same again.
  auto again = read_segment_document(document.json.text());
  if (!std::holds_alternative<SegmentDocument>(again) ||
      !(std::get<SegmentDocument>(again).json == document.json))
    clew::bug("a document that changes when it is written and read");
}
