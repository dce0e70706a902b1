// Policies that keep so much a second and no more. What they leave out cannot be told from what they keep, so
// it is not weighed.
#include <algorithm>

#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/processors/tail_sampling/policy.h"

namespace clew::pipeline {
namespace {

class SpansPerSecond final : public TracePolicy {
 public:
  explicit SpansPerSecond(uint64_t most) : most_(most) {}

  PolicyAnswer decide(TraceUnderDecision& trace) override {
    const int64_t second = monotonic_now().count / 1'000'000'000;
    if (second != second_) kept_ = 0;
    second_ = second;
    if (trace.trace().spans > most_ - std::min(most_, kept_)) return {Decision::not_sampled};
    kept_ += trace.trace().spans;
    return {Decision::sampled};
  }

 private:
  const uint64_t most_;
  int64_t second_ = 0;
  uint64_t kept_ = 0;  // in this second
};

// A bucket of bytes that fills up all the time.
class BytesPerSecond final : public TracePolicy {
 public:
  BytesPerSecond(uint64_t rate, uint64_t burst)
      : rate_(static_cast<double>(rate)), burst_(static_cast<double>(burst)), left_(burst_) {}

  PolicyAnswer decide(TraceUnderDecision& trace) override {
    const Nanoseconds now = monotonic_now();
    left_ = std::min(burst_, left_ + Nanoseconds{now.count - filled_.count}.to_seconds() * rate_);
    filled_ = now;
    const auto wanted = static_cast<double>(trace.trace().bytes);
    if (wanted > left_) return {Decision::not_sampled};
    left_ -= wanted;
    return {Decision::sampled};
  }

 private:
  const double rate_;
  const double burst_;
  double left_;
  Nanoseconds filled_ = monotonic_now();
};

}  // namespace

std::unique_ptr<TracePolicy> configure_rate_limiting(Section& section) {
  uint64_t most = 0;
  section.read("spans_per_second", most);
  if (most == 0) section.error("expected spans_per_second, over 0");
  return std::make_unique<SpansPerSecond>(most);
}

std::unique_ptr<TracePolicy> configure_bytes_limiting(Section& section) {
  uint64_t rate = 0, burst = 0;
  section.read("bytes_per_second", rate);
  section.read("burst_capacity", burst);
  if (rate == 0) section.error("expected bytes_per_second, over 0");
  return std::make_unique<BytesPerSecond>(rate, burst != 0 ? burst : 2 * std::min(rate, UINT64_MAX / 2));
}

}  // namespace clew::pipeline
