#include "control/notify/message.h"

namespace clew::control::notify {
namespace {

std::string text_of(const JsonValue& json, std::string_view name) {
  const JsonValue* value = json.find(name);
  return value && value->string() ? *value->string() : std::string();
}

}  // namespace

std::string_view name_of(Event event) {
  switch (event) {
    case Event::triggered:
      return "triggered";
    case Event::resolved:
      return "resolved";
    case Event::test:
      return "test";
  }
  return "";
}

std::string_view name_of(Urgency urgency) {
  switch (urgency) {
    case Urgency::info:
      return "info";
    case Urgency::warning:
      return "warning";
    case Urgency::error:
      return "error";
    case Urgency::critical:
      return "critical";
  }
  return "";
}

JsonValue to_json(const Message& message) {
  JsonValue json;
  json["event"] = name_of(message.event);
  json["urgency"] = name_of(message.urgency);
  json["title"] = message.title;
  json["text"] = message.text;
  json["url"] = message.url;
  JsonValue::Array fields;
  for (const auto& [name, value] : message.fields) {
    JsonValue field;
    field["name"] = name;
    field["value"] = value;
    fields.push_back(std::move(field));
  }
  json["fields"] = std::move(fields);
  json["dedup_key"] = message.dedup_key;
  json["source"] = message.source;
  if (!message.webhook_body.empty()) json["webhook_body"] = message.webhook_body;
  return json;
}

Result<Message> message_from_json(const JsonValue& json) {
  if (!json.object()) return {ErrorKind::bad_input, "a message is a JSON object"};
  Message message;
  const std::string event = text_of(json, "event");
  for (const Event one : {Event::triggered, Event::resolved, Event::test})
    if (event == name_of(one)) message.event = one;
  const std::string urgency = text_of(json, "urgency");
  for (const Urgency one : {Urgency::info, Urgency::warning, Urgency::error, Urgency::critical})
    if (urgency == name_of(one)) message.urgency = one;
  message.title = text_of(json, "title");
  message.text = text_of(json, "text");
  message.url = text_of(json, "url");
  const JsonValue* fields = json.find("fields");
  if (fields && fields->array())
    for (const JsonValue& field : *fields->array())
      message.fields.emplace_back(text_of(field, "name"), text_of(field, "value"));
  message.dedup_key = text_of(json, "dedup_key");
  message.source = text_of(json, "source");
  message.webhook_body = text_of(json, "webhook_body");
  return message;
}

}  // namespace clew::control::notify
