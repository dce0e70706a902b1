// SamplingRule: which requests a client traces: up to ReservoirSize a second, and FixedRate of the others.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"
#include "base/time.h"
#include "control/records.h"
#include "telemetry/batch.h"

namespace clew::xray {

inline constexpr std::string_view kDefaultRule = "Default";

struct SamplingRule {
  // The members as the API has them: all scalar ones, and Attributes; never RuleARN, which is made of the
  // name and the caller's region.
  JsonValue members;
  UnixNanos created;
  UnixNanos modified;

  std::string name() const;
  double fixed_rate() const;
  int64_t reservoir_size() const;
  int64_t priority() const;
};

// Checks all members of a SamplingRule as CreateSamplingRule takes it. The message says what is wrong, in the
// words of AWS where it has some.
Result<JsonValue> new_sampling_rule(const JsonValue& input);
// `members` with those of a SamplingRuleUpdate in their place.
Result<JsonValue> changed_sampling_rule(const JsonValue& members, const JsonValue& update);
// From RuleName or RuleARN, of which exactly one must be there.
Result<std::string> rule_name_in(const JsonValue& input);

// {"SamplingRule":{…},"CreatedAt":…,"ModifiedAt":…}
JsonValue record_of(const SamplingRule& rule, std::string_view region);

// The rules of each environment, in the control database. Any thread.
class SamplingRules {
 public:
  explicit SamplingRules(control::Records& records) : records_(records) {}

  // In the order in which clients try them: by priority, then by name. Default is always there, and last.
  Result<std::vector<SamplingRule>> list(EnvironmentId environment);
  Result<SamplingRule> find(EnvironmentId environment, std::string_view name);
  Result<SamplingRule> create(EnvironmentId environment, const JsonValue& input);
  Result<SamplingRule> update(EnvironmentId environment, const JsonValue& update);
  Result<SamplingRule> remove(EnvironmentId environment, const JsonValue& input);
  // When any of them was made, changed or removed last; the beginning of time when none ever was.
  Result<UnixNanos> last_modification(EnvironmentId environment);

 private:
  Status note_change(EnvironmentId environment);

  control::Records& records_;
};

}  // namespace clew::xray
