// TracePolicy: one of the rules by which tail_sampling decides about a trace. policy_list.cpp says which
// there are.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/processors/tail_sampling/trace_under_decision.h"

namespace clew::pipeline {

class Section;

// Inverted: what policies with invert_match say. One that is inverted and against a trace outweighs those
// that are for it; one that is inverted and for it counts only when none is against it.
enum class Decision : uint8_t { sampled, not_sampled, inverted_sampled, inverted_not_sampled, dropped };

struct PolicyAnswer {
  Decision decision = Decision::not_sampled;
  // What part of the traces of this kind the policy keeps: of those that choose by chance less than 1, which
  // is written into the spans, so that each counts for those left out.
  double kept_part = 1;
};

class TracePolicy {
 public:
  virtual ~TracePolicy() = default;
  // Called on one thread. Throws protozero::exception when the trace is malformed.
  virtual PolicyAnswer decide(TraceUnderDecision& trace) = 0;
};

// Of one map below `policies`; null when it is wrong, with a complaint.
std::unique_ptr<TracePolicy> read_policy(Section& section, std::string& name);

// What they say together. The pipelines of one configured processor share it.
class PolicySet {
 public:
  struct Verdict {
    bool keep = false;
    double kept_part = 1;
  };
  struct Member {
    std::string name;
    std::unique_ptr<TracePolicy> policy;
    std::atomic<int64_t>* sampled = nullptr;  // counters of what it said
    std::atomic<int64_t>* not_sampled = nullptr;
  };
  PolicySet(std::vector<Member> members, bool first_match_decides)
      : members_(std::move(members)), first_match_decides_(first_match_decides) {}

  // Any thread.
  Verdict decide(TraceUnderDecision& trace);
  std::vector<Member>& members() { return members_; }

 private:
  std::mutex mutex_;  // policies remember what they kept
  std::vector<Member> members_;
  const bool first_match_decides_;
};

// How each kind of policy reads its settings, `section` being the map that the policy's type names.
using ConfigurePolicy = std::unique_ptr<TracePolicy> (*)(Section& section);
std::unique_ptr<TracePolicy> configure_always_sample(Section& section);
std::unique_ptr<TracePolicy> configure_and(Section& section);
std::unique_ptr<TracePolicy> configure_boolean_attribute(Section& section);
std::unique_ptr<TracePolicy> configure_bytes_limiting(Section& section);
std::unique_ptr<TracePolicy> configure_composite(Section& section);
std::unique_ptr<TracePolicy> configure_drop(Section& section);
std::unique_ptr<TracePolicy> configure_latency(Section& section);
std::unique_ptr<TracePolicy> configure_not(Section& section);
std::unique_ptr<TracePolicy> configure_numeric_attribute(Section& section);
std::unique_ptr<TracePolicy> configure_ottl_condition(Section& section);
std::unique_ptr<TracePolicy> configure_probabilistic_policy(Section& section);
std::unique_ptr<TracePolicy> configure_rate_limiting(Section& section);
std::unique_ptr<TracePolicy> configure_span_count(Section& section);
std::unique_ptr<TracePolicy> configure_status_code(Section& section);
std::unique_ptr<TracePolicy> configure_string_attribute(Section& section);
std::unique_ptr<TracePolicy> configure_trace_flags(Section& section);
std::unique_ptr<TracePolicy> configure_trace_state(Section& section);

}  // namespace clew::pipeline
