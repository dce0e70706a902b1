#include "protocols/xray/sampling_rule.h"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

#include "protocols/xray/call.h"

namespace clew::xray {
namespace {

constexpr std::string_view kKind = "xray.sampling_rule";
// Its time of modification is that of all rules together; of rules that are gone too.
constexpr std::string_view kChangeKind = "xray.sampling_rules_changed";
constexpr size_t kMostRules = 1000;
constexpr int64_t kDefaultPriority = 10'000;
constexpr size_t kMostAttributes = 5;
constexpr size_t kLongestAttribute = 32;

struct TextMember {
  std::string_view name;
  size_t longest;
};
constexpr std::array kTexts = {TextMember{"ResourceARN", 500}, TextMember{"ServiceName", 64},
                               TextMember{"ServiceType", 64},  TextMember{"Host", 64},
                               TextMember{"HTTPMethod", 10},   TextMember{"URLPath", 128}};

struct NumberMember {
  std::string_view name;
  bool whole;
  double least;
  double most;
};
constexpr std::array kNumbers = {
    NumberMember{"Priority", true, 1, 9999}, NumberMember{"FixedRate", false, 0, 1},
    NumberMember{"ReservoirSize", true, 0, 1e9}, NumberMember{"Version", true, 1, 1}};

Status invalid(std::string_view member, const JsonValue* value, const std::string& constraint) {
  return Status(
      ErrorKind::bad_input,
      fmt::format(
          "1 validation error detected: Value {} at 'samplingRule.{}' failed to satisfy constraint: {}",
          value == nullptr ? "null" : "'" + value->text().substr(0, 100) + "'", member, constraint));
}

Status check_text(const JsonValue& rule, std::string_view member, size_t longest) {
  const JsonValue* value = rule.find(member);
  if (value == nullptr || value->string() == nullptr)
    return invalid(member, value, "Member must be a string");
  if (value->string()->empty() || value->string()->size() > longest)
    return invalid(member, value, fmt::format("Member must have length between 1 and {}", longest));
  return Status();
}

Status check_number(const JsonValue& rule, const NumberMember& member) {
  const JsonValue* value = rule.find(member.name);
  if (value == nullptr || !value->number()) return invalid(member.name, value, "Member must be a number");
  if (member.whole && value->integer() == nullptr)
    return invalid(member.name, value, "Member must be a whole number");
  const double number = *value->number();
  if (!(number >= member.least && number <= member.most))
    return invalid(member.name, value,
                   fmt::format("Member must be between {} and {}", member.least, member.most));
  return Status();
}

Status check_attributes(const JsonValue& rule) {
  const JsonValue* attributes = rule.find("Attributes");
  if (attributes->object() == nullptr) return invalid("attributes", attributes, "Member must be a map");
  if (attributes->object()->size() > kMostAttributes)
    return invalid("attributes", attributes,
                   fmt::format("Map must have at most {} entries", kMostAttributes));
  for (const auto& [key, value] : *attributes->object()) {
    if (key.empty() || key.size() > kLongestAttribute || value.string() == nullptr ||
        value.string()->empty() || value.string()->size() > kLongestAttribute)
      return invalid("attributes", attributes,
                     fmt::format("Keys and values must have length between 1 and {}", kLongestAttribute));
  }
  return Status();
}

Status check(const JsonValue& rule) {
  CLEW_TRY(check_text(rule, "RuleName", 32));
  for (const TextMember& member : kTexts) CLEW_TRY(check_text(rule, member.name, member.longest));
  for (const NumberMember& member : kNumbers) CLEW_TRY(check_number(rule, member));
  CLEW_TRY(check_attributes(rule));
  const JsonValue* boost = rule.find("SamplingRateBoost");
  if (boost != nullptr && boost->object() == nullptr)
    return invalid("samplingRateBoost", boost, "Member must be a map");
  return Status();
}

bool is_member(std::string_view name) {
  const auto same = [name](const auto& member) { return member.name == name; };
  return name == "RuleName" || name == "Attributes" || name == "SamplingRateBoost" ||
         std::any_of(kTexts.begin(), kTexts.end(), same) ||
         std::any_of(kNumbers.begin(), kNumbers.end(), same);
}

SamplingRule default_rule() {
  SamplingRule rule;
  rule.members["RuleName"] = JsonValue(kDefaultRule);
  for (const TextMember& member : kTexts) rule.members[member.name] = JsonValue("*");
  rule.members["Priority"] = JsonValue(kDefaultPriority);
  rule.members["FixedRate"] = JsonValue(0.05);
  rule.members["ReservoirSize"] = JsonValue(1);
  rule.members["Version"] = JsonValue(1);
  rule.members["Attributes"] = JsonValue(JsonValue::Object());
  return rule;
}

Result<SamplingRule> rule_of(const control::Record& record) {
  CLEW_ASSIGN(JsonValue members, parse_json(record.body));
  return SamplingRule{.members = std::move(members), .created = record.created, .modified = record.modified};
}

Status no_such_rule(std::string_view name) {
  return Status(ErrorKind::bad_input, fmt::format("Sampling rule does not exist: {}", name));
}

double seconds_since_1970(UnixNanos at) {
  return static_cast<double>(at.count / 1'000'000) / 1e3;
}

}  // namespace

std::string SamplingRule::name() const {
  return *members.find("RuleName")->string();
}
double SamplingRule::fixed_rate() const {
  return *members.find("FixedRate")->number();
}
int64_t SamplingRule::reservoir_size() const {
  return *members.find("ReservoirSize")->integer();
}
int64_t SamplingRule::priority() const {
  return *members.find("Priority")->integer();
}

Result<JsonValue> new_sampling_rule(const JsonValue& input) {
  if (input.object() == nullptr)
    return Status(ErrorKind::bad_input,
                  "1 validation error detected: Value at 'samplingRule' failed to satisfy "
                  "constraint: Member must not be null");
  JsonValue members;
  for (const JsonValue::Member& member : *input.object()) {
    if (is_member(member.name) && !member.value.is_null()) members[member.name] = member.value;
  }
  if (members.find("RuleName") == nullptr) {
    CLEW_ASSIGN(const std::string name, rule_name_in(input));
    members["RuleName"] = JsonValue(name);
  }
  if (members.find("Attributes") == nullptr) members["Attributes"] = JsonValue(JsonValue::Object());
  CLEW_TRY(check(members));
  if (*members.find("RuleName")->string() == kDefaultRule)
    return Status(ErrorKind::bad_input, "Sampling rule already exists: Default");
  return members;
}

Result<JsonValue> changed_sampling_rule(const JsonValue& members, const JsonValue& update) {
  const bool is_default = *members.find("RuleName")->string() == kDefaultRule;
  JsonValue changed = members;
  for (const JsonValue::Member& member : *update.object()) {
    if (!is_member(member.name) || member.name == "RuleName" || member.value.is_null()) continue;
    const bool may_change = !is_default || member.name == "FixedRate" || member.name == "ReservoirSize";
    // Clients send what they read, with one number changed.
    if (!may_change && !(changed[member.name] == member.value))
      return Status(ErrorKind::bad_input,
                    fmt::format("Only FixedRate and ReservoirSize of the Default rule can be changed, not {}",
                                member.name));
    changed[member.name] = member.value;
  }
  if (is_default) {
    for (const NumberMember& member : kNumbers) {
      if (member.name != "Priority") CLEW_TRY(check_number(changed, member));
    }
    return changed;
  }
  CLEW_TRY(check(changed));
  return changed;
}

Result<std::string> rule_name_in(const JsonValue& input) {
  const auto text_at = [&](std::string_view member) -> const std::string* {
    const JsonValue* value = input.find(member);
    return value == nullptr ? nullptr : value->string();
  };
  const std::string* name = text_at("RuleName");
  const std::string* arn = text_at("RuleARN");
  if ((name == nullptr) == (arn == nullptr))
    return Status(ErrorKind::bad_input, "exactly one of RuleName and RuleARN must be given");
  if (name != nullptr) return *name;
  constexpr std::string_view kBefore = ":sampling-rule/";
  const size_t at = arn->find(kBefore);
  if (!arn->starts_with("arn:") || at == std::string::npos)
    return Status(ErrorKind::bad_input,
                  fmt::format("not the ARN of a sampling rule: {}", arn->substr(0, 100)));
  return arn->substr(at + kBefore.size());
}

JsonValue record_of(const SamplingRule& rule, std::string_view region) {
  JsonValue record;
  JsonValue members = rule.members;
  members["RuleARN"] =
      JsonValue(fmt::format("arn:aws:xray:{}:{}:sampling-rule/{}", region, kAccount, rule.name()));
  record["SamplingRule"] = std::move(members);
  record["CreatedAt"] = JsonValue(seconds_since_1970(rule.created));
  record["ModifiedAt"] = JsonValue(seconds_since_1970(rule.modified));
  return record;
}

Result<std::vector<SamplingRule>> SamplingRules::list(EnvironmentId environment) {
  CLEW_ASSIGN(const std::vector<control::Record> records, records_.list(environment, kKind));
  std::vector<SamplingRule> rules;
  bool has_default = false;
  for (const control::Record& record : records) {
    CLEW_ASSIGN(SamplingRule rule, rule_of(record));
    has_default = has_default || record.name == kDefaultRule;
    rules.push_back(std::move(rule));
  }
  if (!has_default) rules.push_back(default_rule());
  std::sort(rules.begin(), rules.end(), [](const SamplingRule& a, const SamplingRule& b) {
    return std::tuple(a.priority(), a.name()) < std::tuple(b.priority(), b.name());
  });
  return rules;
}

Result<SamplingRule> SamplingRules::find(EnvironmentId environment, std::string_view name) {
  CLEW_ASSIGN(const std::optional<control::Record> record, records_.find(environment, kKind, name));
  if (record) return rule_of(*record);
  if (name == kDefaultRule) return default_rule();
  return no_such_rule(name);
}

Result<SamplingRule> SamplingRules::create(EnvironmentId environment, const JsonValue& input) {
  CLEW_ASSIGN(const JsonValue members, new_sampling_rule(input));
  const std::string name = *members.find("RuleName")->string();
  const Status made = records_.create(environment, kKind, name, members.text(), kMostRules);
  if (!made.ok() && made.kind() == ErrorKind::conflict)
    return Status(ErrorKind::bad_input, fmt::format("Sampling rule already exists: {}", name));
  CLEW_TRY(made);
  CLEW_TRY(note_change(environment));
  return find(environment, name);
}

Result<SamplingRule> SamplingRules::update(EnvironmentId environment, const JsonValue& update) {
  if (update.object() == nullptr)
    return Status(ErrorKind::bad_input,
                  "1 validation error detected: Value at 'samplingRuleUpdate' failed to "
                  "satisfy constraint: Member must not be null");
  CLEW_ASSIGN(const std::string name, rule_name_in(update));
  if (name == kDefaultRule) {
    CLEW_ASSIGN(const SamplingRule before, find(environment, name));
    CLEW_ASSIGN(const JsonValue changed, changed_sampling_rule(before.members, update));
    CLEW_TRY(records_.put(environment, kKind, name, changed.text()));
  } else {
    const Result<control::Record> changed =
        records_.change(environment, kKind, name, [&](const std::string& body) -> Result<std::string> {
          CLEW_ASSIGN(const JsonValue members, parse_json(body));
          CLEW_ASSIGN(const JsonValue after, changed_sampling_rule(members, update));
          return after.text();
        });
    if (!changed.ok() && changed.status().kind() == ErrorKind::not_found) return no_such_rule(name);
    if (!changed.ok()) return changed.status();
  }
  CLEW_TRY(note_change(environment));
  return find(environment, name);
}

Result<SamplingRule> SamplingRules::remove(EnvironmentId environment, const JsonValue& input) {
  CLEW_ASSIGN(const std::string name, rule_name_in(input));
  if (name == kDefaultRule)
    return Status(ErrorKind::bad_input, "The Default sampling rule cannot be deleted");
  CLEW_ASSIGN(SamplingRule rule, find(environment, name));
  CLEW_ASSIGN(const bool was_there, records_.remove(environment, kKind, name));
  if (!was_there) return no_such_rule(name);
  CLEW_TRY(note_change(environment));
  return rule;
}

Result<UnixNanos> SamplingRules::last_modification(EnvironmentId environment) {
  CLEW_ASSIGN(const std::optional<control::Record> record, records_.find(environment, kChangeKind, "all"));
  return record ? record->modified : UnixNanos{0};
}

Status SamplingRules::note_change(EnvironmentId environment) {
  return records_.put(environment, kChangeKind, "all", "{}");
}

}  // namespace clew::xray
