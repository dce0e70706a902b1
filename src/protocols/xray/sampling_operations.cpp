// The operations about sampling rules, and those that clients ask for targets and people for use with.
#include <algorithm>

#include <fmt/format.h>

#include "base/counters.h"
#include "protocols/xray/operations.h"
#include "protocols/xray/reservoirs.h"
#include "protocols/xray/resource_tags.h"
#include "protocols/xray/sampling_rule.h"

namespace clew::xray {
namespace {

constexpr size_t kMostDocuments = 25;
constexpr size_t kLongestClient = 100;
// A report of another time than this is not of use any more.
constexpr Nanoseconds kOldest = seconds(600);

Answer record_answer(const Call& call, const Result<SamplingRule>& rule) {
  if (!rule.ok()) {
    if (rule.status().kind() == ErrorKind::exhausted)
      return aws::Error{.type = "RuleLimitExceededException",
                        .message = std::string(rule.status().message()),
                        .status = 400,
                        .resource = {}};
    return error_of(rule.status());
  }
  JsonValue answer;
  answer["SamplingRuleRecord"] = record_of(*rule, call.region);
  return answer.text();
}

std::string arn_of(const Call& call, std::string_view rule) {
  return fmt::format("arn:aws:xray:{}:{}:sampling-rule/{}", call.region, kAccount, rule);
}

const JsonValue& member_or_null(const JsonValue& input, std::string_view name) {
  static const JsonValue kNull;
  const JsonValue* found = input.find(name);
  return found == nullptr ? kNull : *found;
}

uint64_t count_in(const JsonValue& document, std::string_view name) {
  const JsonValue& value = member_or_null(document, name);
  return value.integer() == nullptr ? 0 : static_cast<uint64_t>(std::max<int64_t>(0, *value.integer()));
}

// Seconds; Java sends milliseconds.
std::optional<UnixNanos> time_in(const JsonValue& document) {
  const JsonValue& value = member_or_null(document, "Timestamp");
  if (value.string() != nullptr) {
    const Result<UnixNanos> parsed = parse_time(*value.string(), UnixNanos{0});
    return parsed.ok() ? std::optional(*parsed) : std::nullopt;
  }
  if (!value.number()) return std::nullopt;
  constexpr double kSurelyMilliseconds = 1e11;
  double seconds_since = *value.number();
  if (seconds_since >= kSurelyMilliseconds) seconds_since /= 1e3;
  if (!(seconds_since > 0 && seconds_since < 9e9)) return std::nullopt;
  return UnixNanos{static_cast<int64_t>(seconds_since * 1e3) * 1'000'000};
}

struct Unprocessed {
  std::string rule;
  std::string code;
  std::string message;
};

std::optional<Unprocessed> trouble_with(const JsonValue& document, const Call& call,
                                        const std::vector<SamplingRule>& rules) {
  const std::string* rule = member_or_null(document, "RuleName").string();
  if (rule == nullptr) return Unprocessed{"", "400", "RuleName is missing"};
  const bool known =
      std::any_of(rules.begin(), rules.end(), [&](const SamplingRule& one) { return one.name() == *rule; });
  if (!known) return Unprocessed{*rule, "404", fmt::format("Sampling rule does not exist: {}", *rule)};
  const std::string* client = member_or_null(document, "ClientID").string();
  if (client == nullptr || client->empty() || client->size() > kLongestClient)
    return Unprocessed{*rule, "400", "ClientID must be 24 hexadecimal digits"};
  const std::optional<UnixNanos> at = time_in(document);
  if (!at) return Unprocessed{*rule, "400", "Timestamp must be a number of seconds since 1970"};
  if (*at + kOldest < call.now || call.now + kOldest < *at)
    return Unprocessed{*rule, "400",
                       fmt::format("Timestamp {} is more than 10 minutes away from {}", to_rfc3339(*at),
                                   to_rfc3339(call.now))};
  return std::nullopt;
}

void write_target(JsonWriter& json, const JsonValue& document, const SamplingRule& rule, const Call& call) {
  const Quota quota = call.context.reservoirs.report({.environment = call.environment,
                                                      .rule = rule.name(),
                                                      .client = *document.find("ClientID")->string(),
                                                      .requests = count_in(document, "RequestCount"),
                                                      .sampled = count_in(document, "SampledCount"),
                                                      .borrowed = count_in(document, "BorrowCount")},
                                                     rule.reservoir_size(), call.now);
  json.begin_object()
      .key("RuleName")
      .string(rule.name())
      .key("FixedRate")
      .number(rule.fixed_rate())
      .key("ReservoirQuota")
      .integer(quota.size)
      .key("ReservoirQuotaTTL")
      .integer(quota.good_until.count / 1'000'000'000)
      .key("Interval")
      .integer(kReportInterval.count / 1'000'000'000)
      .end_object();
}

}  // namespace

Answer get_sampling_rules(const Call& call) {
  const Result<std::vector<SamplingRule>> rules =
      SamplingRules(*call.options().records).list(call.environment);
  if (!rules.ok()) return error_of(rules.status());
  JsonWriter json;
  json.begin_object().key("SamplingRuleRecords").begin_array();
  for (const SamplingRule& rule : *rules) record_of(rule, call.region).write(json);
  json.end_array().end_object();
  return json.take();
}

Answer create_sampling_rule(const Call& call) {
  Input input(call.input);
  const Tags tags = read_tags(input);
  if (!input.ok()) return input.error();
  const Result<SamplingRule> made = SamplingRules(*call.options().records)
                                        .create(call.environment, member_or_null(call.input, "SamplingRule"));
  if (made.ok() && !tags.empty()) {
    const Status tagged =
        ResourceTags(*call.options().records).add(call.environment, arn_of(call, made->name()), tags);
    if (!tagged.ok()) return error_of(tagged);
  }
  return record_answer(call, made);
}

Answer update_sampling_rule(const Call& call) {
  return record_answer(call, SamplingRules(*call.options().records)
                                 .update(call.environment, member_or_null(call.input, "SamplingRuleUpdate")));
}

Answer delete_sampling_rule(const Call& call) {
  const Result<SamplingRule> removed =
      SamplingRules(*call.options().records).remove(call.environment, call.input);
  if (removed.ok()) {
    const Status forgotten =
        ResourceTags(*call.options().records).forget(call.environment, arn_of(call, removed->name()));
    if (!forgotten.ok()) return error_of(forgotten);
  }
  return record_answer(call, removed);
}

Answer get_sampling_targets(const Call& call) {
  const JsonValue* documents = call.input.find("SamplingStatisticsDocuments");
  if (documents == nullptr || documents->array() == nullptr)
    return invalid_request(
        "1 validation error detected: Value at 'samplingStatisticsDocuments' failed to satisfy "
        "constraint: Member must not be null");
  if (documents->array()->size() > kMostDocuments)
    return invalid_request(
        fmt::format("1 validation error detected: Value at 'samplingStatisticsDocuments' failed to "
                    "satisfy constraint: Member must have length less than or equal to {}",
                    kMostDocuments));
  SamplingRules sampling_rules(*call.options().records);
  const Result<std::vector<SamplingRule>> rules = sampling_rules.list(call.environment);
  if (!rules.ok()) return error_of(rules.status());
  const Result<UnixNanos> changed = sampling_rules.last_modification(call.environment);
  if (!changed.ok()) return error_of(changed.status());

  JsonWriter json;
  std::vector<Unprocessed> unprocessed;
  json.begin_object().key("SamplingTargetDocuments").begin_array();
  for (const JsonValue& document : *documents->array()) {
    if (std::optional<Unprocessed> trouble = trouble_with(document, call, *rules)) {
      unprocessed.push_back(std::move(*trouble));
      continue;
    }
    const std::string& name = *document.find("RuleName")->string();
    write_target(
        json, document,
        *std::find_if(rules->begin(), rules->end(), [&](const auto& rule) { return rule.name() == name; }),
        call);
  }
  json.end_array();
  json.key("LastRuleModification").number(static_cast<double>(changed->count / 1'000'000) / 1e3);
  json.key("UnprocessedStatistics").begin_array();
  for (const Unprocessed& one : unprocessed) {
    json.begin_object().key("RuleName").string(one.rule).key("ErrorCode").string(one.code);
    json.key("Message").string(one.message).end_object();
  }
  json.end_array();
  // No rule is boosted.
  json.key("UnprocessedBoostStatistics").begin_array().end_array().end_object();
  if (!unprocessed.empty()) count(Counter::xray_sampling_reports_refused, unprocessed.size());
  return json.take();
}

Answer get_sampling_statistic_summaries(const Call& call) {
  JsonWriter json;
  json.begin_object().key("SamplingStatisticSummaries").begin_array();
  for (const SamplingWindow& window : call.context.reservoirs.windows(call.environment, call.now)) {
    json.begin_object().key("RuleName").string(window.rule);
    json.key("Timestamp").integer(window.start.count / 1'000'000'000);
    json.key("RequestCount").integer(window.requests);
    json.key("BorrowCount").integer(window.borrowed);
    json.key("SampledCount").integer(window.sampled).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace clew::xray
