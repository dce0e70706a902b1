// What OpenTelemetry's samplers write about how much they left out: a threshold in 56 bits of randomness, in
// the tracestate of a span ("ot=th:c;rv:9b8233f7e3a151") or in attributes of a log record. Randomness below
// the threshold is left out, so that a span kept at threshold c0000000000000 stands for four.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clew {

constexpr uint64_t kAllRandomness = uint64_t{1} << 56;

// Names of the attributes that log records carry them in.
constexpr std::string_view kThresholdAttribute = "sampling.threshold";
constexpr std::string_view kRandomnessAttribute = "sampling.randomness";

// "c" is c0000000000000; at most 14 hexadecimal digits.
std::optional<uint64_t> parse_threshold(std::string_view text);
// Exactly 14 hexadecimal digits.
std::optional<uint64_t> parse_randomness(std::string_view text);
// Without the zeros at its end; "0" keeps everything. `threshold` is below kAllRandomness.
std::string threshold_text(uint64_t threshold);
std::string randomness_text(uint64_t randomness);

// What part is kept: above 0, at most 1.
double probability_of_threshold(uint64_t threshold);
// Rounded to `digits` hexadecimal digits behind those that are f. `probability` below 2^-56 counts as that.
uint64_t threshold_of_probability(double probability, int digits);
// How many one stands for, as the store counts: at least 1.
int64_t weight_of_threshold(uint64_t threshold);

// The last 56 bits of a trace id (16 bytes).
uint64_t randomness_of_trace_id(std::string_view trace_id);

struct TraceStateSampling {
  std::optional<uint64_t> threshold;
  std::optional<uint64_t> randomness;
  bool malformed = false;  // th or rv is there and is no number
};
TraceStateSampling sampling_of_trace_state(std::string_view trace_state);
// The same tracestate with these in its "ot" member, which comes first; what else it says is kept.
std::string with_sampling(std::string_view trace_state, const TraceStateSampling& sampling);

}  // namespace clew
