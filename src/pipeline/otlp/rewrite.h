// Rewriting: what a processor that looks inside does. It is shown each message of a request, from the outside
// to the inside, may change it or leave it out, and the request is put together again. What it does not touch
// is copied as bytes.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "pipeline/otlp/message_editor.h"
#include "telemetry/batch.h"

namespace clew::pipeline {

enum class Verdict : uint8_t { keep, drop };

// What a message stands in. Both may be changed from within.
struct Enclosing {
  MessageEditor& resource;  // a Resource message
  MessageEditor& scope;     // an InstrumentationScope message
};

class Rewriter {
 public:
  virtual ~Rewriter() = default;

  // Dropping a resource or scope drops everything in it. One of which nothing is left is left out too.
  virtual Verdict on_resource(MessageEditor& /*resource*/) { return Verdict::keep; }

  // Whether to look further in than resources.
  virtual bool looks_into_resources() const { return true; }
  virtual Verdict on_scope(Enclosing& /*in*/) { return Verdict::keep; }
  // A Span, LogRecord or Metric message.
  virtual Verdict on_item(Signal /*signal*/, MessageEditor& /*item*/, Enclosing& /*in*/) {
    return Verdict::keep;
  }

  // Whether to look into metrics; a metric of which no point is left is left out.
  virtual bool looks_into_metrics() const { return false; }
  // `kind` is the field of the Metric message that the point is in: otlp::metric::gauge, sum, histogram, ….
  virtual Verdict on_point(uint32_t /*kind*/, MessageEditor& /*point*/, MessageEditor& /*metric*/,
                           Enclosing& /*in*/) {
    return Verdict::keep;
  }
};

// The batch with what the rewriter left of it, its items counted anew. A request that nothing was changed in
// is the same bytes as before. bad_input when malformed.
Result<Batch> rewrite(Batch batch, Rewriter& rewriter);

// The field that holds the attributes of a span or log record; of a metric its metadata.
uint32_t attributes_field_of(Signal signal);
// Of a point within that field of the Metric message.
uint32_t attributes_field_of_point(uint32_t kind);

}  // namespace clew::pipeline
