// Recipient: whom a message goes to, and through which channel.
//
//   {"channel": "webhook",   "url": "https://…", "headers": {"authorization": "…"}}
//   {"channel": "slack",     "url": "https://hooks.slack.com/services/…"}
//   {"channel": "pagerduty", "routing_key": "…", "url": "https://events.pagerduty.com/v2/enqueue"}   url is
//   optional
//   {"channel": "email",     "address": "ops@example.com"}
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"

namespace clew::control::notify {

enum class Channel : uint8_t { webhook, slack, pagerduty, email };
std::string_view name_of(Channel channel);

struct Recipient {
  Channel channel = Channel::webhook;
  std::string url;                                           // webhook, slack, pagerduty
  std::vector<std::pair<std::string, std::string>> headers;  // webhook: sent along, names in lower case
  std::string routing_key;                                   // pagerduty
  std::string address;                                       // email
};

// bad_input says which member is missing or wrong.
Result<Recipient> recipient_from_json(const JsonValue& json);
JsonValue to_json(const Recipient& recipient);
// Without secrets, for logs and lists: "webhook example.com", "email ops@example.com".
std::string describe(const Recipient& recipient);

}  // namespace clew::control::notify
