// refinery: samples whole traces as the rules file of Refinery says.
#include <map>

#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/processors/processors.h"
#include "pipeline/processors/refinery/sampler.h"
#include "pipeline/processors/refinery/trace_fields.h"
#include "pipeline/processors/tail_sampling/tail_sampling.h"

namespace clew::pipeline {
namespace {

constexpr const char* kDefault = "__default__";

using Samplers = std::map<std::string, std::unique_ptr<Sampler>, std::less<>>;

// The same for all spans of a trace, whoever sees them: as likely to be below 1/n as chance.
double place_of(std::string_view trace_id) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : trace_id) hash = (hash ^ static_cast<uint8_t>(byte)) * 0x100000001b3;
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccd;
  hash ^= hash >> 33;
  return static_cast<double>(hash >> 11) * 0x1p-53;
}

// The dataset of a trace is the service of its root, or of whichever span came first.
std::string dataset_of(TraceUnderDecision& trace) {
  const SpanUnderDecision* chosen = nullptr;
  for (const SpanUnderDecision& span : trace.spans()) {
    if (chosen == nullptr || is_root(span)) chosen = &span;
    if (is_root(span)) break;
  }
  if (chosen == nullptr) return {};
  const auto service = field_of(*chosen, "service.name");
  return service ? as_text(*service) : std::string();
}

// Under what names samplers are looked for, beside __default__.
struct SamplerNames {
  std::string dataset_prefix;  // "classic": the sampler of the dataset shop is classic.shop
  std::string environment;     // of those datasets that have no sampler of their own; may be empty
};

class RefineryPolicy final : public TracePolicy {
 public:
  RefineryPolicy(Samplers samplers, SamplerNames names)
      : samplers_(std::move(samplers)), names_(std::move(names)) {}

  PolicyAnswer decide(TraceUnderDecision& trace) override {
    auto sampler = sampler_of(dataset_of(trace));
    if (sampler == samplers_.end()) return {Decision::sampled};
    const int64_t rate = sampler->second->rate_of(trace);
    if (rate < 1) return {Decision::dropped};
    const double part = 1.0 / static_cast<double>(rate);
    if (rate > 1 && place_of(trace.trace().trace_id) >= part) return {Decision::not_sampled};
    return {Decision::sampled, part};
  }

 private:
  Samplers::const_iterator sampler_of(const std::string& dataset) const {
    const std::string prefix = names_.dataset_prefix.empty() ? "" : names_.dataset_prefix + ".";
    auto found = samplers_.find(prefix + dataset);
    if (found == samplers_.end() && !names_.environment.empty()) found = samplers_.find(names_.environment);
    return found == samplers_.end() ? samplers_.find(kDefault) : found;
  }

  const Samplers samplers_;
  const SamplerNames names_;
};

}  // namespace

MakeProcessor configure_refinery(Section& section) {
  TailSamplingSettings settings;
  settings.limits.wait = seconds(60);
  uint64_t limit_mib = settings.limits.most_bytes >> 20;
  section.read("trace_timeout", settings.limits.wait);
  section.read("num_traces", settings.limits.most_traces);
  section.read("limit_mib", limit_mib);
  if (settings.limits.most_traces == 0) section.error("num_traces", "expected at least 1");
  if (limit_mib == 0 || limit_mib > (uint64_t{1} << 30)) section.error("limit_mib", "expected at least 1");
  settings.limits.most_bytes = limit_mib << 20;
  settings.remembered_kept = settings.remembered_left_out = settings.limits.most_traces;

  SamplerNames names;
  section.read("dataset_prefix", names.dataset_prefix);
  section.read("environment", names.environment);

  Samplers samplers;
  if (!section.has("rules")) section.error("expected rules: what rules.yaml holds, or ${file:rules.yaml}");
  Section rules = section.section("rules");
  rules.ignore({"RulesVersion", "General"});
  Section list = rules.section("Samplers");
  list.for_each_key([&](const std::string& name, const ConfigValue& value) {
    Section one(value, fmt::format("{}::{}", list.path(), name), list.complaints());
    if (auto sampler = read_sampler(one)) samplers.emplace(name, std::move(sampler));
  });
  if (samplers.empty()) rules.error("Samplers", "expected at least one, such as __default__");

  std::vector<PolicySet::Member> members;
  members.push_back({.name = "refinery",
                     .policy = std::make_unique<RefineryPolicy>(std::move(samplers), std::move(names))});
  return make_tail_sampling(settings, std::make_shared<PolicySet>(std::move(members), true));
}

}  // namespace clew::pipeline
