// From Zipkin's spans to OTLP. docs/compat/zipkin.md says what becomes of each member.
#pragma once

#include <string>

#include "base/time.h"
#include "protocols/span_request.h"
#include "protocols/zipkin/span.h"

namespace clew::zipkin {

struct TranslationOptions {
  UnixNanos arrived;  // the start of spans that say nothing of their time
  // Tags that read like numbers or truths become such; otherwise all are texts.
  bool parse_tags = false;
};

class OtlpTranslation final : public SpanSink {
 public:
  explicit OtlpTranslation(TranslationOptions options) : options_(options) {}

  void take(const Span& span) override;
  // The request; empty when there were no spans.
  std::string take_request() { return request_.take(); }

 private:
  struct Special;  // what tags say that is no attribute

  void write_resource(const Span& span);
  void write_scope(const Special& special);
  void write_span(const Span& span, const Special& special, ProtobufWriter& to);
  void write_attributes(const Span& span, ProtobufWriter& to);
  void write_tag(const Tag& tag, ProtobufWriter& to);
  void write_events(const Span& span, ProtobufWriter& to);
  void write_link(std::string_view text, ProtobufWriter& to);

  const TranslationOptions options_;
  SpanRequest request_;
  std::string resource_, scope_;  // of the span that is being written
  std::vector<bool> is_taken_;    // tags that are no attributes of it
};

}  // namespace clew::zipkin
