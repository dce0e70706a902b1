#include "control/retention.h"

#include <fmt/format.h>

#include "base/json_value.h"

namespace clew::control {
namespace {

constexpr std::string_view kKind = "clew.retention";

std::string name_of_rule(const RetentionRule& rule) {
  return fmt::format("{}/{}={}", name_of(rule.signal), rule.attribute, rule.value);
}

std::string store_rule(EnvironmentId environment, const RetentionRule& rule) {
  return fmt::format("retention/{}/{}", environment.number, name_of_rule(rule));
}

std::string text_of(const RetentionRule& rule) {
  JsonValue body;
  body["signal"] = JsonValue(name_of(rule.signal));
  body["attribute"] = JsonValue(rule.attribute);
  body["value"] = JsonValue(rule.value);
  body["days"] = JsonValue(rule.kept_days);
  return body.text();
}

std::optional<RetentionRule> rule_of(const Record& record) {
  const Result<JsonValue> body = parse_json(record.body);
  if (!body.ok()) return std::nullopt;
  const auto text = [&](std::string_view name) {
    const JsonValue* value = body->find(name);
    return value == nullptr || value->string() == nullptr ? std::string() : *value->string();
  };
  RetentionRule rule;
  const JsonValue* kept = body->find("days");
  if (kept == nullptr || kept->integer() == nullptr) return std::nullopt;
  rule.kept_days = *kept->integer();
  rule.attribute = text("attribute");
  rule.value = text("value");
  rule.modified = record.modified;
  for (const Signal signal : {Signal::traces, Signal::logs, Signal::metrics}) {
    if (name_of(signal) == text("signal")) rule.signal = signal;
  }
  return rule;
}

}  // namespace

Status Retention::obey(EnvironmentId environment, Signal signal) {
  CLEW_ASSIGN(const std::vector<RetentionRule> rules, list(environment));
  std::vector<store::ErasureRule::Text> of_single_senders;
  for (const RetentionRule& rule : rules) {
    if (rule.signal == signal && !rule.value.empty())
      of_single_senders.push_back({store::Scope::resource, rule.attribute, rule.value});
  }
  for (const RetentionRule& rule : rules) {
    if (rule.signal != signal) continue;
    store::ErasureRule erased;
    erased.environment = environment;
    erased.signal = signal;
    if (rule.value.empty()) {
      erased.spared = of_single_senders;
    } else {
      erased.texts.push_back({store::Scope::resource, rule.attribute, rule.value});
    }
    erased.older_than = days(rule.kept_days);
    rules_.set(store_rule(environment, rule), std::move(erased));
  }
  return {};
}

Status Retention::restore() {
  const std::lock_guard lock(mutex_);
  CLEW_ASSIGN(const auto kinds, records_.kinds(kKind));
  for (const auto& [environment, kind] : kinds) {
    if (kind != kKind) continue;
    for (const Signal signal : {Signal::traces, Signal::logs, Signal::metrics})
      CLEW_TRY(obey(environment, signal));
  }
  return {};
}

Result<std::vector<RetentionRule>> Retention::list(EnvironmentId environment) {
  CLEW_ASSIGN(const auto records, records_.list(environment, kKind));
  std::vector<RetentionRule> rules;
  for (const Record& record : records) {
    if (auto rule = rule_of(record)) rules.push_back(std::move(*rule));
  }
  return rules;
}

Status Retention::set(EnvironmentId environment, const RetentionRule& rule) {
  const std::lock_guard lock(mutex_);
  const std::string name = name_of_rule(rule);
  CLEW_ASSIGN(const auto known, records_.find(environment, kKind, name));
  if (known) {
    CLEW_TRY(records_.put(environment, kKind, name, text_of(rule)));
  } else {
    CLEW_TRY(records_.create(environment, kKind, name, text_of(rule), kMostRules));
  }
  return obey(environment, rule.signal);
}

Result<bool> Retention::remove(EnvironmentId environment, const RetentionRule& rule) {
  const std::lock_guard lock(mutex_);
  CLEW_ASSIGN(const bool removed, records_.remove(environment, kKind, name_of_rule(rule)));
  rules_.remove(store_rule(environment, rule));
  CLEW_TRY(obey(environment, rule.signal));
  return removed;
}

}  // namespace clew::control
