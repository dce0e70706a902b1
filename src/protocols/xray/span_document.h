// One stored span as a segment document, without its subsegments.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "query/trace.h"

namespace clew::xray {

using AttributeMap = std::map<std::string_view, const query::Attribute*>;

// What is needed of a span, gathered once.
struct SpanView {
  const query::Trace& trace;
  size_t row;
  AttributeMap attributes;           // of the span itself
  AttributeMap resource;             // of its resource
  std::vector<uint32_t> exceptions;  // rows of Trace::events

  const query::Attribute* find(std::string_view name) const;
};

SpanView view_of_span(const query::Trace& trace, size_t row);
// The member aws.xray.form says; empty for spans that did not come as X-Ray documents.
std::string_view form_of(const SpanView& span);
bool is_in_progress(const SpanView& span);

// Text and numbers as such, JSON parsed, bytes as base64.
JsonValue json_of(const query::Attribute& attribute);

// Of a span with a form: the members it was sent with.
JsonValue document_as_sent(const SpanView& span);
// Which attributes become annotations, by which traces can be searched for; the others are metadata. A span
// that lists its own keeps to its list, and to `names`.
struct AnnotationChoice {
  bool all = true;
  std::set<std::string, std::less<>> names;  // "otel.resource.…" for those of the resource
};
// Of any other span.
JsonValue document_of_otlp(const SpanView& span, const AnnotationChoice& choice = {});
bool is_segment_of_otlp(const SpanView& span);

}  // namespace clew::xray
