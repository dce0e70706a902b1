#include "pipeline/otlp/span_weight.h"

#include <algorithm>
#include <cstdlib>

#include "telemetry/otlp_fields.h"
#include "telemetry/sampling_threshold.h"

namespace clew::pipeline {
namespace {

// More than anybody samples; sums of it stay within 64 bits.
constexpr uint64_t kHeaviest = uint64_t{1} << 31;

}  // namespace

uint64_t weight_of_span(MessageEditor& span) {
  for (const char* key : {"SampleRate", "sampleRate"})
    if (const Attribute* found = span.attributes().find(key)) {
      const double rate = std::strtod(text_of(span.attributes().value_of(*found)).c_str(), nullptr);
      return rate >= 1 ? static_cast<uint64_t>(std::min(rate + 0.5, static_cast<double>(kHeaviest))) : 1;
    }
  const std::string_view trace_state = span.bytes(otlp::span::trace_state);
  if (trace_state.empty()) return 1;
  const auto threshold = sampling_of_trace_state(trace_state).threshold;
  return threshold ? std::min(static_cast<uint64_t>(weight_of_threshold(*threshold)), kHeaviest) : 1;
}

}  // namespace clew::pipeline
