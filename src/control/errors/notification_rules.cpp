#include "control/errors/notification_rules.h"

#include <fmt/format.h>

#include "base/log.h"
#include "control/errors/webhook_document.h"

namespace clew::control::errors {
namespace {

constexpr size_t kMostRules = 100;
constexpr size_t kMostWindows = 100'000;

std::string text_of(const JsonValue& json, std::string_view name) {
  const JsonValue* value = json.find(name);
  return value && value->string() ? *value->string() : std::string();
}

int64_t integer_of(const JsonValue& json, std::string_view name) {
  const JsonValue* value = json.find(name);
  return value && value->integer() ? *value->integer() : 0;
}

// The power of ten that was passed on the way from `before` to `after`; 0: none.
int64_t tenfold_reached(int64_t before, int64_t after) {
  int64_t reached = 0;
  for (int64_t power = 10; power <= after && power < 1'000'000'000'000; power *= 10)
    if (before < power) reached = power;
  return reached;
}

}  // namespace

Result<NotificationRule> notification_rule_from_json(const JsonValue& json) {
  if (!json.object()) return {ErrorKind::bad_input, "a notification rule is a JSON object"};
  NotificationRule rule;
  const std::string when = text_of(json, "when");
  if (when == "new") {
    rule.when = When::created;
  } else if (when == "reactivated") {
    rule.when = When::reactivated;
  } else if (when == "tenfold") {
    rule.when = When::tenfold;
  } else if (when == "rate") {
    rule.when = When::rate;
    rule.occurrences = integer_of(json, "occurrences");
    rule.within = seconds(std::min<int64_t>(integer_of(json, "within_s"), 86'400));
    if (rule.occurrences < 1 || rule.within.count < 1)
      return {ErrorKind::bad_input, "rate wants occurrences and within_s, both above 0"};
  } else {
    return {ErrorKind::bad_input,
            fmt::format("when must be new, reactivated, tenfold or rate, got '{}'", when)};
  }
  if (const std::string level = text_of(json, "level"); !level.empty()) {
    rule.least_level = level_named(level);
    if (name_of(rule.least_level) != level)
      return {ErrorKind::bad_input, "level must be debug, info, warning, error or critical"};
  }
  rule.deployment = text_of(json, "environment");
  rule.service = text_of(json, "service");
  const JsonValue* recipient = json.find("recipient");
  CLEW_ASSIGN(rule.recipient, notify::recipient_from_json(recipient ? *recipient : JsonValue()));
  return rule;
}

Result<std::vector<NotificationRule>> notification_rules_from_json(const JsonValue& json) {
  if (!json.array() || json.array()->size() > kMostRules)
    return {ErrorKind::bad_input,
            fmt::format("notification rules are a JSON list of at most {}", kMostRules)};
  std::vector<NotificationRule> rules;
  for (const JsonValue& one : *json.array()) {
    Result<NotificationRule> rule = notification_rule_from_json(one);
    if (!rule.ok()) return std::move(rule).status().within(fmt::format("rule {}", rules.size() + 1));
    rules.push_back(*std::move(rule));
  }
  return rules;
}

bool ErrorNotifier::rate_reached(EnvironmentId environment, size_t rule_number, const NotificationRule& rule,
                                 const Change& change, UnixNanos at) {
  if (windows_.size() > kMostWindows)
    std::erase_if(windows_, [&](const auto& one) { return at - one.second.begin > days(1); });
  Window& window = windows_[{environment.number, {rule_number, change.item.id}}];
  if (at - window.begin >= rule.within) window = {.begin = at, .count = 0, .told = false};
  window.count += change.occurrences;
  if (window.told || window.count < rule.occurrences) return false;
  window.told = true;
  return true;
}

notify::Message ErrorNotifier::message_about(const Change& change, const NotificationRule& rule) const {
  const Item& item = change.item;
  notify::Message message;
  message.source = "clew errors";
  message.urgency = item.level == Level::critical  ? notify::Urgency::critical
                    : item.level == Level::error   ? notify::Urgency::error
                    : item.level == Level::warning ? notify::Urgency::warning
                                                   : notify::Urgency::info;
  std::string what;
  switch (rule.when) {
    case When::created:
      what = "New error";
      break;
    case When::reactivated:
      what = "The error is back";
      break;
    case When::tenfold:
      what = fmt::format("{} times",
                         tenfold_reached(change.counted_before, change.counted_before + change.occurrences));
      break;
    case When::rate:
      what = fmt::format("{} times within {}", rule.occurrences, to_human(rule.within));
      break;
  }
  message.title = fmt::format("{}: {}", what, item.title);
  message.url = fmt::format("{}/errors/{}", page_url_, item.id);
  message.dedup_key = fmt::format("clew error {}", item.id);
  const auto field = [&](std::string name, const std::string& value) {
    if (!value.empty()) message.fields.emplace_back(std::move(name), value);
  };
  field("where", item.culprit);
  field("service", item.service);
  field("environment", item.deployment);
  field("version", item.last_version);
  field("occurrences", std::to_string(item.occurrences));
  field("level", std::string(name_of(item.level)));
  if (!item.last_trace.empty()) field("trace", fmt::format("{}/t/{}", page_url_, item.last_trace));
  if (rule.recipient.channel != notify::Channel::webhook) return message;

  JsonValue body = notify::to_json(message);
  put_webhook_document(body, change, rule);
  message.webhook_body = body.text();
  return message;
}

void ErrorNotifier::tell(EnvironmentId environment, const std::vector<NotificationRule>& rules,
                         const Change& change, UnixNanos at) {
  const Item& item = change.item;
  if (item.state != State::active || item.snoozed_until > at) return;
  for (size_t i = 0; i < rules.size(); ++i) {
    const NotificationRule& rule = rules[i];
    if (item.level < rule.least_level) continue;
    if (!rule.deployment.empty() && rule.deployment != item.deployment) continue;
    if (!rule.service.empty() && rule.service != item.service) continue;
    bool due = false;
    switch (rule.when) {
      case When::created:
        due = change.kind == Change::Kind::created;
        break;
      case When::reactivated:
        due = change.kind == Change::Kind::reactivated;
        break;
      case When::tenfold:
        due = change.kind == Change::Kind::counted &&
              tenfold_reached(change.counted_before, change.counted_before + change.occurrences) > 0;
        break;
      case When::rate:
        due = change.kind == Change::Kind::counted && rate_reached(environment, i, rule, change, at);
        break;
    }
    if (!due) continue;
    const Status put = outbox_.enqueue(environment, rule.recipient, message_about(change, rule));
    if (!put.ok()) log_error("errors", "cannot notify: " + put.to_string());
  }
}

}  // namespace clew::control::errors
