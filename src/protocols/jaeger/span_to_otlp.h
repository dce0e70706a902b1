// From Jaeger's spans to OTLP. docs/compat/jaeger.md says what becomes of each field.
#pragma once

#include <string>

#include "protocols/jaeger/span.h"
#include "protocols/span_request.h"

namespace clew::jaeger {

class OtlpTranslation {
 public:
  // Of the spans that follow.
  void set_process(const Process& process);
  void take(const Span& span);
  // The request; empty when there were no spans.
  std::string take_request() { return request_.take(); }

 private:
  struct Special;  // what tags say that is no attribute

  void write_span(const Span& span, const Special& special, ProtobufWriter& to);

  SpanRequest request_;
  std::string resource_, scope_;
  std::vector<bool> is_taken_;  // tags that are no attributes of the span that is being written
};

}  // namespace clew::jaeger
