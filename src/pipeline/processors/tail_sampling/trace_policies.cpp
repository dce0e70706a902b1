// Policies that look at the trace as such: its length, its size, its outcome, its id.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/otlp/fnv_hash.h"
#include "pipeline/processors/tail_sampling/policy.h"
#include "telemetry/otlp_fields.h"

namespace clew::pipeline {
namespace {

template <typename Fits>
class SimplePolicy final : public TracePolicy {
 public:
  explicit SimplePolicy(Fits fits) : fits_(std::move(fits)) {}
  PolicyAnswer decide(TraceUnderDecision& trace) override {
    return {fits_(trace) ? Decision::sampled : Decision::not_sampled};
  }

 private:
  const Fits fits_;
};

template <typename Fits>
std::unique_ptr<TracePolicy> simple_policy(Fits fits) {
  return std::make_unique<SimplePolicy<Fits>>(std::move(fits));
}

class ProbabilisticPolicy final : public TracePolicy {
 public:
  ProbabilisticPolicy(std::string salt, double part)
      : salt_(std::move(salt)),
        part_(part),
        // 2^64 cannot be reached, and need not be.
        highest_(part >= 1 ? UINT64_MAX : static_cast<uint64_t>(part * 18446744073709551616.0)) {}

  PolicyAnswer decide(TraceUnderDecision& trace) override {
    const bool keep = part_ > 0 && fnv1a_64(trace.trace().trace_id, fnv1a_64(salt_)) <= highest_;
    return {keep ? Decision::sampled : Decision::not_sampled, part_};
  }

 private:
  const std::string salt_;
  const double part_;
  const uint64_t highest_;
};

}  // namespace

std::unique_ptr<TracePolicy> configure_always_sample(Section&) {
  return simple_policy([](TraceUnderDecision&) { return true; });
}

std::unique_ptr<TracePolicy> configure_latency(Section& section) {
  uint64_t least_ms = 0, most_ms = 0;
  section.read("threshold_ms", least_ms);
  section.read("upper_threshold_ms", most_ms);
  if (most_ms != 0 && most_ms < least_ms)
    section.error("upper_threshold_ms", fmt::format("expected at least threshold_ms ({})", least_ms));
  return simple_policy([=](TraceUnderDecision& trace) {
    uint64_t first = UINT64_MAX, last = 0;
    for (const SpanUnderDecision& one : trace.spans()) {
      first = std::min(first, one.span->fixed64(otlp::span::start));
      last = std::max(last, one.span->fixed64(otlp::span::end));
    }
    const uint64_t duration_ms = last > first ? (last - first) / 1'000'000 : 0;
    return most_ms == 0 ? duration_ms >= least_ms : duration_ms > least_ms && duration_ms <= most_ms;
  });
}

std::unique_ptr<TracePolicy> configure_status_code(Section& section) {
  std::vector<std::string> names;
  section.read("status_codes", names);
  if (names.empty()) section.error("expected status_codes: some of OK, ERROR, UNSET");
  std::set<uint64_t> codes;
  for (const std::string& name : names) {
    if (name == "UNSET")
      codes.insert(0);
    else if (name == "OK")
      codes.insert(1);
    else if (name == "ERROR")
      codes.insert(2);
    else
      section.error("status_codes", fmt::format("expected OK, ERROR or UNSET, got '{}'", name));
  }
  return simple_policy([codes](TraceUnderDecision& trace) {
    MessageEditor status;
    for (const SpanUnderDecision& one : trace.spans()) {
      status.reset(one.span->bytes(otlp::span::status), 0);
      if (codes.contains(status.varint(otlp::status::code))) return true;
    }
    return false;
  });
}

std::unique_ptr<TracePolicy> configure_span_count(Section& section) {
  uint64_t least = 0, most = 0;
  section.read("min_spans", least);
  section.read("max_spans", most);
  if (least == 0 && most == 0) section.error("expected min_spans or max_spans, over 0");
  return simple_policy([=](TraceUnderDecision& trace) {
    const uint64_t spans = trace.trace().spans;
    return spans >= least && (most == 0 || spans <= most);
  });
}

std::unique_ptr<TracePolicy> configure_trace_flags(Section&) {
  return simple_policy([](TraceUnderDecision& trace) {
    return std::any_of(trace.spans().begin(), trace.spans().end(), [](const SpanUnderDecision& one) {
      return (one.span->fixed32(otlp::span::flags) & 1) != 0;
    });
  });
}

std::unique_ptr<TracePolicy> configure_probabilistic_policy(Section& section) {
  std::string salt;
  double percentage = 0;
  section.read("hash_salt", salt);
  section.read("sampling_percentage", percentage);
  if (percentage < 0) section.error("sampling_percentage", "expected 0 to 100");
  return std::make_unique<ProbabilisticPolicy>(salt.empty() ? "default-hash-seed" : salt,
                                               std::clamp(percentage / 100, 0.0, 1.0));
}

}  // namespace clew::pipeline
