#include "pipeline/otlp/weigh_spans.h"

#include <cmath>
#include <cstdlib>

#include "pipeline/otlp/fnv_hash.h"
#include "pipeline/otlp/rewrite.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/sampling_threshold.h"

namespace clew::pipeline {
namespace {

constexpr int kDigits = 4;

class Weigher final : public Rewriter {
 public:
  explicit Weigher(double kept_part) : kept_part_(kept_part) {}

  Verdict on_item(Signal, MessageEditor& span, Enclosing&) override {
    if (multiply_rate(span, "SampleRate") || multiply_rate(span, "sampleRate")) return Verdict::keep;
    const std::string_view before = span.bytes(otlp::span::trace_state);
    TraceStateSampling sampling = sampling_of_trace_state(before);
    const double part = kept_part_ * probability_of_threshold(sampling.threshold.value_or(0));
    sampling.threshold = threshold_of_probability(part, kDigits);
    // Samplers behind this one rely on kept spans having randomness above their threshold. This choice was
    // made by another hash, so the randomness is moved there, in the same way for all spans of the trace.
    const std::string_view trace_id = span.bytes(otlp::span::trace_id);
    const uint64_t randomness = sampling.randomness.value_or(randomness_of_trace_id(trace_id));
    if (randomness < *sampling.threshold)
      sampling.randomness = *sampling.threshold + fnv1a_64(trace_id) % (kAllRandomness - *sampling.threshold);
    span.set_bytes(otlp::span::trace_state, with_sampling(before, sampling));
    return Verdict::keep;
  }

 private:
  bool multiply_rate(MessageEditor& span, std::string_view key) const {
    const Attribute* found = span.attributes().find(key);
    if (found == nullptr) return false;
    const double rate = std::strtod(text_of(span.attributes().value_of(*found)).c_str(), nullptr);
    const double product = std::min((rate >= 1 ? rate : 1.0) / kept_part_, 2147483647.0);
    span.attributes().set(key, integer_value(std::llround(product)));
    return true;
  }

  const double kept_part_;
};

}  // namespace

Result<Batch> weigh_spans(Batch batch, double kept_part) {
  if (kept_part >= 1) return batch;
  Weigher weigher(kept_part);
  return rewrite(std::move(batch), weigher);
}

}  // namespace clew::pipeline
