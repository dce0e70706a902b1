// Who is told of an alert, and in what words.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "control/notify/message.h"
#include "control/notify/recipient.h"
#include "control/records.h"

namespace clew::honeycomb {

struct AlertRecipient {
  control::notify::Recipient recipient;
  std::optional<std::string> marker;  // instead: the message of a marker in the dataset
  std::string secret;                 // that a webhook knows us by
  JsonValue payloads;                 // its own bodies: webhook_payloads; null: ours
  JsonValue variables;                // what the alert gives their variables: [{name, value}]
  control::notify::Urgency urgency = control::notify::Urgency::error;
};

// Of a trigger or burn alert. Those that no channel of ours reaches are counted and left out.
Result<std::vector<AlertRecipient>> alert_recipients(control::Records& records, EnvironmentId environment,
                                                     const JsonValue& alert);

struct AlertNews {
  const JsonValue& alert;
  std::string dataset;
  bool is_trigger;
  bool triggered;  // otherwise it is over
  std::string summary;
  const JsonValue& groups;      // that are over the threshold
  const JsonValue& all_groups;  // that were looked at
  std::string environment;
  UnixNanos at;
};
control::notify::Message message_of(const AlertNews& news, const AlertRecipient& recipient);
// For a recipient that is one.
JsonValue marker_of(const AlertNews& news, const std::string& message);

}  // namespace clew::honeycomb
