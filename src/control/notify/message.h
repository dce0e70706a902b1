// Message: something that happened and that people want to be told of, whatever channel tells them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"

namespace clew::control::notify {

enum class Event : uint8_t {
  triggered,  // something needs attention
  resolved,   // what was triggered under the same dedup_key is over
  test,       // somebody wants to see whether the recipient hears us
};
enum class Urgency : uint8_t { info, warning, error, critical };

std::string_view name_of(Event event);
std::string_view name_of(Urgency urgency);

struct Message {
  Event event = Event::triggered;
  Urgency urgency = Urgency::error;
  std::string title;                                        // one line
  std::string text;                                         // may have several lines; may be empty
  std::string url;                                          // where to look; may be empty
  std::vector<std::pair<std::string, std::string>> fields;  // facts, in the order to show them
  // What the message is about: triggered and resolved of the same thing carry the same one, and reach a
  // recipient in the order in which they were put in. Empty: it stands for itself.
  std::string dedup_key;
  std::string source = "clew";  // what speaks: "clew errors", "clew triggers"
  // For webhooks whose receivers know another service's document: sent as it is instead of ours.
  std::string webhook_body;
};

JsonValue to_json(const Message& message);
Result<Message> message_from_json(const JsonValue& json);

}  // namespace clew::control::notify
