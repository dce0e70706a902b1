#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/processors/tail_sampling/policy.h"

namespace clew::pipeline {
namespace {

struct PolicyType {
  std::string_view name;
  ConfigurePolicy configure;
};

constexpr std::array kPolicies = {
    PolicyType{"always_sample", configure_always_sample},
    PolicyType{"and", configure_and},
    PolicyType{"boolean_attribute", configure_boolean_attribute},
    PolicyType{"bytes_limiting", configure_bytes_limiting},
    PolicyType{"composite", configure_composite},
    PolicyType{"drop", configure_drop},
    PolicyType{"latency", configure_latency},
    PolicyType{"not", configure_not},
    PolicyType{"numeric_attribute", configure_numeric_attribute},
    PolicyType{"ottl_condition", configure_ottl_condition},
    PolicyType{"probabilistic", configure_probabilistic_policy},
    PolicyType{"rate_limiting", configure_rate_limiting},
    PolicyType{"span_count", configure_span_count},
    PolicyType{"status_code", configure_status_code},
    PolicyType{"string_attribute", configure_string_attribute},
    PolicyType{"trace_flags", configure_trace_flags},
    PolicyType{"trace_state", configure_trace_state},
};

}  // namespace

std::unique_ptr<TracePolicy> read_policy(Section& section, std::string& name) {
  std::string type;
  section.read("name", name);
  section.read("type", type);
  if (name.empty()) section.error("expected a name");
  const auto it = std::find_if(kPolicies.begin(), kPolicies.end(),
                               [&](const PolicyType& one) { return one.name == type; });
  if (it == kPolicies.end()) {
    std::vector<std::string> words;
    for (const PolicyType& one : kPolicies) words.emplace_back(one.name);
    section.error("type", type.empty()
                              ? fmt::format("expected one of {}", fmt::join(words, ", "))
                              : fmt::format("there is no policy '{}'{}", type, suggestion(type, words)));
    // Its settings cannot be judged.
    section.for_each_key([](const std::string&, const ConfigValue&) {});
    return nullptr;
  }
  Section settings = section.section(type);
  return it->configure(settings);
}

PolicySet::Verdict PolicySet::decide(TraceUnderDecision& trace) {
  Verdict verdict;
  bool sampled = false, not_sampled = false, inverted_sampled = false, against = false;
  double kept_part = 0;
  std::lock_guard lock(mutex_);
  for (Member& member : members_) {
    const PolicyAnswer answer = member.policy->decide(trace);
    switch (answer.decision) {
      case Decision::sampled:
        sampled = true;
        kept_part = std::max(kept_part, answer.kept_part);
        break;
      case Decision::not_sampled:
        not_sampled = true;
        break;
      case Decision::inverted_sampled:
        inverted_sampled = true;
        break;
      case Decision::inverted_not_sampled:
      case Decision::dropped:
        against = true;
        break;
    }
    const bool is_for = answer.decision == Decision::sampled || answer.decision == Decision::inverted_sampled;
    std::atomic<int64_t>* counter = is_for ? member.sampled : member.not_sampled;
    if (counter != nullptr) counter->fetch_add(1, std::memory_order_relaxed);
    if (against || (first_match_decides_ && sampled)) break;
  }
  if (against) return verdict;
  verdict.keep = sampled || (inverted_sampled && !not_sampled);
  // Kept by chance only; what another policy keeps in any case stands for itself.
  if (sampled && !inverted_sampled) verdict.kept_part = kept_part;
  return verdict;
}

}  // namespace clew::pipeline
