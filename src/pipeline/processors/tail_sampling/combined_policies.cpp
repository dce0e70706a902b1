// Policies made of policies: and, not, drop, composite.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/processors/tail_sampling/policy.h"

namespace clew::pipeline {
namespace {

using Policies = std::vector<std::unique_ptr<TracePolicy>>;

bool is_for(Decision decision) {
  return decision == Decision::sampled || decision == Decision::inverted_sampled;
}

// What all of them keep.
PolicyAnswer all_of(const Policies& policies, TraceUnderDecision& trace) {
  PolicyAnswer all{Decision::sampled};
  for (const auto& policy : policies) {
    const PolicyAnswer answer = policy->decide(trace);
    all.kept_part *= answer.kept_part;
    if (is_for(answer.decision)) continue;
    all.decision = Decision::not_sampled;
    break;
  }
  return all;
}

class And final : public TracePolicy {
 public:
  explicit And(Policies policies) : policies_(std::move(policies)) {}
  PolicyAnswer decide(TraceUnderDecision& trace) override { return all_of(policies_, trace); }

 private:
  const Policies policies_;
};

class Drop final : public TracePolicy {
 public:
  explicit Drop(Policies policies) : policies_(std::move(policies)) {}
  PolicyAnswer decide(TraceUnderDecision& trace) override {
    return {is_for(all_of(policies_, trace).decision) ? Decision::dropped : Decision::not_sampled};
  }

 private:
  const Policies policies_;
};

class Not final : public TracePolicy {
 public:
  explicit Not(std::unique_ptr<TracePolicy> policy) : policy_(std::move(policy)) {}
  PolicyAnswer decide(TraceUnderDecision& trace) override {
    const PolicyAnswer answer = policy_->decide(trace);
    return {is_for(answer.decision) ? Decision::not_sampled : Decision::sampled,
            answer.kept_part < 1 ? 1 - answer.kept_part : 1};
  }

 private:
  const std::unique_ptr<TracePolicy> policy_;
};

// Asks one after the other; the first that wants the trace pays for its spans out of its share.
class Composite final : public TracePolicy {
 public:
  struct Share {
    std::unique_ptr<TracePolicy> policy;
    uint64_t spans_per_second = 0;
    uint64_t kept = 0;  // in this second
  };
  explicit Composite(std::vector<Share> shares) : shares_(std::move(shares)) {}

  PolicyAnswer decide(TraceUnderDecision& trace) override {
    const int64_t second = monotonic_now().count / 1'000'000'000;
    if (second != second_)
      for (Share& share : shares_) share.kept = 0;
    second_ = second;
    for (Share& share : shares_) {
      const PolicyAnswer answer = share.policy->decide(trace);
      if (!is_for(answer.decision)) continue;
      if (trace.trace().spans > share.spans_per_second - std::min(share.spans_per_second, share.kept))
        return {Decision::not_sampled};
      share.kept += trace.trace().spans;
      return {Decision::sampled, answer.kept_part};
    }
    return {Decision::not_sampled};
  }

 private:
  std::vector<Share> shares_;
  int64_t second_ = 0;
};

Policies read_policies(Section& section, const char* key) {
  Policies policies;
  section.for_each(key, [&](Section& item) {
    std::string name;
    if (auto policy = read_policy(item, name)) policies.push_back(std::move(policy));
  });
  if (!section.has(key)) section.error(fmt::format("expected {}: a list of policies", key));
  return policies;
}

}  // namespace

std::unique_ptr<TracePolicy> configure_and(Section& section) {
  return std::make_unique<And>(read_policies(section, "and_sub_policy"));
}

std::unique_ptr<TracePolicy> configure_drop(Section& section) {
  return std::make_unique<Drop>(read_policies(section, "drop_sub_policy"));
}

std::unique_ptr<TracePolicy> configure_not(Section& section) {
  if (!section.has("not_sub_policy")) section.error("expected not_sub_policy: a policy");
  Section inner = section.section("not_sub_policy");
  std::string name;
  auto policy = read_policy(inner, name);
  return policy ? std::make_unique<Not>(std::move(policy)) : nullptr;
}

std::unique_ptr<TracePolicy> configure_composite(Section& section) {
  uint64_t most = 0;
  std::vector<std::string> order;
  std::map<std::string, std::unique_ptr<TracePolicy>> policies;
  std::map<std::string, uint64_t> percents;
  section.read("max_total_spans_per_second", most);
  section.read("policy_order", order);
  section.for_each("composite_sub_policy", [&](Section& item) {
    std::string name;
    auto policy = read_policy(item, name);
    if (policy && !policies.emplace(name, std::move(policy)).second)
      item.error("name", fmt::format("'{}' is there twice", name));
  });
  uint64_t given = 0;
  section.for_each("rate_allocation", [&](Section& item) {
    std::string name;
    uint64_t percent = 0;
    item.read("policy", name);
    item.read("percent", percent);
    if (!policies.contains(name)) item.error("policy", fmt::format("there is no sub-policy '{}'", name));
    if (percent > 100) item.error("percent", "expected 0 to 100");
    percents[name] = std::min<uint64_t>(percent, 100);
    given += percents[name];
  });
  if (most == 0) section.error("expected max_total_spans_per_second, over 0");
  if (given > 100)
    section.error("rate_allocation", fmt::format("expected at most 100 percent, got {}", given));
  if (order.empty())
    for (const auto& [name, policy] : policies) order.push_back(name);
  std::erase_if(percents, [](const auto& one) { return one.second == 0; });
  const uint64_t others = order.size() > percents.size() ? order.size() - percents.size() : 1;
  // Those without a share of their own divide the rest.
  const double rest = given < 100 ? static_cast<double>(100 - given) / static_cast<double>(others) : 0;
  std::vector<Composite::Share> shares;
  for (const std::string& name : order) {
    const auto policy = policies.find(name);
    if (policy == policies.end() || policy->second == nullptr) {
      section.error("policy_order", fmt::format("there is no sub-policy '{}'", name));
      continue;
    }
    const auto percent = percents.find(name);
    const double part = percent != percents.end() ? static_cast<double>(percent->second) : rest;
    shares.push_back(
        {std::move(policy->second), static_cast<uint64_t>(static_cast<double>(most) * part / 100)});
  }
  return std::make_unique<Composite>(std::move(shares));
}

}  // namespace clew::pipeline
