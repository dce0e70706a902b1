// Notification rules: when somebody is told about an error.
//
//   {"when": "new" | "reactivated" | "tenfold" | "rate", "occurrences": 100, "within_s": 300,      the last
//   two: rate
//    "level": "error", "environment": "production", "service": "shop",                             all
//    optional "recipient": {"channel": "webhook", "url": "…"}}
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"
#include "control/errors/item.h"
#include "control/notify/outbox.h"
#include "telemetry/batch.h"

namespace clew::control::errors {

enum class When : uint8_t {
  created,      // "new"
  reactivated,  // "reactivated"
  tenfold,      // "tenfold": the 10th, 100th, 1000th … occurrence since it was activated
  rate,         // "rate": so many occurrences within so long
};

struct NotificationRule {
  When when = When::created;
  int64_t occurrences = 0;
  Nanoseconds within;
  Level least_level = Level::debug;
  std::string deployment, service;  // empty: any
  notify::Recipient recipient;
};
Result<NotificationRule> notification_rule_from_json(const JsonValue& json);
// A list; bad_input names the rule.
Result<std::vector<NotificationRule>> notification_rules_from_json(const JsonValue& json);

// Decides which changes are told, and writes the messages.
class ErrorNotifier {
 public:
  // `page_url`: where links lead.
  ErrorNotifier(notify::Outbox& outbox, std::string page_url)
      : outbox_(outbox), page_url_(std::move(page_url)) {}

  // Muted and snoozed items are not told of.
  void tell(EnvironmentId environment, const std::vector<NotificationRule>& rules, const Change& change,
            UnixNanos at);

 private:
  struct Window {
    UnixNanos begin;
    int64_t count = 0;
    bool told = false;
  };
  bool rate_reached(EnvironmentId environment, size_t rule_number, const NotificationRule& rule,
                    const Change& change, UnixNanos at);
  notify::Message message_about(const Change& change, const NotificationRule& rule) const;

  notify::Outbox& outbox_;
  const std::string page_url_;
  std::map<std::pair<uint32_t, std::pair<size_t, int64_t>>, Window> windows_;  // environment, rule, item
};

}  // namespace clew::control::errors
