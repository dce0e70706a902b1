#include "protocols/honeycomb/alert_recipients.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "protocols/honeycomb/resources.h"
#include "protocols/honeycomb/short_id.h"
#include "protocols/honeycomb/webhook_template.h"

namespace clew::honeycomb {
namespace {

using control::notify::Channel;
using control::notify::Urgency;

Urgency urgency_of(const JsonValue& entry) {
  const JsonValue* details = entry.find("details");
  const std::string severity = details == nullptr ? "" : text_in(*details, "pagerduty_severity");
  if (severity == "critical") return Urgency::critical;
  if (severity == "warning") return Urgency::warning;
  if (severity == "info") return Urgency::info;
  return Urgency::error;
}

// Nothing when no channel of ours reaches it.
std::optional<AlertRecipient> reachable(const std::string& type, const JsonValue& details) {
  AlertRecipient to;
  if (type == "email") {
    to.recipient.channel = Channel::email;
    to.recipient.address = text_in(details, "email_address");
  } else if (type == "pagerduty") {
    to.recipient.channel = Channel::pagerduty;
    to.recipient.routing_key = text_in(details, "pagerduty_integration_key");
    // Of our own: other regions have another address, and other services the same format.
    to.recipient.url = text_in(details, "pagerduty_events_url");
    if (to.recipient.url.empty()) to.recipient.url = "https://events.pagerduty.com/v2/enqueue";
  } else if (type == "slack") {
    // There is no application of ours in anybody's Slack: a channel is an incoming webhook.
    to.recipient.channel = Channel::slack;
    to.recipient.url = text_in(details, "slack_channel");
    if (!to.recipient.url.starts_with("http")) return std::nullopt;
  } else if (type == "webhook" || type == "msteams" || type == "msteams_workflow") {
    to.recipient.channel = type == "webhook" ? Channel::webhook : Channel::slack;
    to.recipient.url = text_in(details, "webhook_url");
    to.secret = text_in(details, "webhook_secret");
    if (const JsonValue* payloads = details.find("webhook_payloads"); payloads != nullptr)
      to.payloads = *payloads;
    if (!to.secret.empty()) to.recipient.headers.emplace_back("x-honeycomb-webhook-token", to.secret);
    if (const JsonValue* headers = details.find("webhook_headers");
        headers != nullptr && headers->array() != nullptr) {
      for (const JsonValue& one : *headers->array()) {
        std::string name = text_in(one, "header");
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        if (!name.empty()) to.recipient.headers.emplace_back(std::move(name), text_in(one, "value"));
      }
    }
  } else {
    return std::nullopt;
  }
  return to;
}

// {"type": "email", "target": "…"}: who is named in the alert itself.
std::optional<AlertRecipient> named_in_place(const JsonValue& entry) {
  const std::string type = text_in(entry, "type"), target = text_in(entry, "target");
  if (type == "marker") {
    AlertRecipient to;
    to.marker = target;
    return to;
  }
  JsonValue details;
  for (const char* member : {"email_address", "pagerduty_integration_key", "slack_channel", "webhook_url"})
    details[member] = JsonValue(target);
  return reachable(type, details);
}

std::string_view words_of(const std::string& op) {
  if (op == ">") return "greater than";
  if (op == ">=") return "greater than or equal to";
  if (op == "<") return "less than";
  return "less than or equal to";
}

// [{Group: {route: "/a"}, Result: 7}] as templates see it: [{Group: [{Key: "route", Value: "/a"}], Result:
// 7}].
JsonValue groups_for_template(const JsonValue& groups) {
  JsonValue::Array all;
  for (const JsonValue& one : *groups.array()) {
    JsonValue::Array keys;
    if (const JsonValue* group = one.find("Group"); group != nullptr && group->object() != nullptr) {
      for (const JsonValue::Member& member : *group->object()) {
        JsonValue key;
        key["Key"] = JsonValue(member.name);
        key["Value"] = member.value;
        keys.push_back(std::move(key));
      }
    }
    JsonValue shown;
    shown["Group"] = JsonValue(std::move(keys));
    if (const JsonValue* result = one.find("Result")) shown["Result"] = *result;
    all.push_back(std::move(shown));
  }
  return JsonValue(std::move(all));
}

// The variables of the templates: what the recipient says is usual, and what the alert says instead.
JsonValue variables_for_template(const AlertRecipient& recipient) {
  JsonValue variables(JsonValue::Object{});
  const auto add = [&](const JsonValue* list, std::string_view value) {
    if (list == nullptr || list->array() == nullptr) return;
    for (const JsonValue& one : *list->array()) {
      if (const std::string name = text_in(one, "name"); !name.empty())
        variables[name] = JsonValue(text_in(one, value));
    }
  };
  add(recipient.payloads.find("template_variables"), "default_value");
  add(&recipient.variables, "value");
  return variables;
}

JsonValue data_for_template(const AlertNews& news, const AlertRecipient& recipient,
                            const control::notify::Message& message) {
  JsonValue data;
  const std::string description = text_in(news.alert, "description"), id = text_in(news.alert, "id");
  data["Name"] = JsonValue(text_in(news.alert, "name"));
  data["ID"] = JsonValue(id);
  data["Description"] = JsonValue(description);
  data["URL"] = JsonValue(message.url);
  data["Environment"] = JsonValue(news.environment);
  data["Datasets"] = JsonValue(JsonValue::Array{JsonValue(news.dataset)});
  if (const JsonValue* threshold = news.alert.find("threshold")) {
    data["Operator"] = JsonValue(words_of(text_in(*threshold, "op")));
    if (const JsonValue* value = threshold->find("value")) data["Threshold"] = *value;
  }
  data["Result"]["URL"] = JsonValue(message.url);
  data["Result"]["Groups"] = groups_for_template(news.all_groups);
  data["Result"]["GroupsTriggered"] = groups_for_template(news.groups);
  data["Resource"]["URL"] = JsonValue(message.url);
  JsonValue& alert = data["Alert"];
  alert["Summary"] = JsonValue(message.title);
  alert["Description"] = JsonValue(news.summary);
  alert["Status"] = JsonValue(news.triggered ? "TRIGGERED" : "OK");
  alert["InstanceID"] = JsonValue(message.dedup_key);
  alert["Timestamp"] = JsonValue(to_rfc3339(news.at));
  alert["IsTest"] = JsonValue(false);
  data["Vars"] = variables_for_template(recipient);
  return data;
}

// The body that the recipient has a template for; nothing when it has none, or it cannot be rendered.
std::optional<std::string> own_body(const AlertNews& news, const AlertRecipient& recipient,
                                    const control::notify::Message& message) {
  const JsonValue* templates = recipient.payloads.find("payload_templates");
  const std::string alert_type = text_in(news.alert, "alert_type");
  const JsonValue* chosen =
      templates == nullptr ? nullptr : templates->find(news.is_trigger ? "trigger" : alert_type);
  const std::string text = chosen == nullptr ? std::string() : text_in(*chosen, "body");
  if (text.empty()) return std::nullopt;
  const auto parsed = WebhookTemplate::parse(text);
  Result<std::string> rendered = parsed.ok() ? parsed->render(data_for_template(news, recipient, message))
                                             : Result<std::string>(parsed.status());
  if (rendered.ok()) return std::move(*rendered);
  log_warning("alerts",
              fmt::format("the webhook template for '{}' cannot be rendered, so the usual body is sent: {}",
                          text_in(news.alert, "name"), rendered.status().message()));
  return std::nullopt;
}

}  // namespace

Result<std::vector<AlertRecipient>> alert_recipients(control::Records& records, EnvironmentId environment,
                                                     const JsonValue& alert) {
  std::vector<AlertRecipient> all;
  const JsonValue* list = alert.find("recipients");
  if (list == nullptr || list->array() == nullptr) return all;
  for (const JsonValue& entry : *list->array()) {
    std::optional<AlertRecipient> to;
    if (const std::string id = text_in(entry, "id"); !id.empty()) {
      CLEW_ASSIGN(const auto known, read_resource(records, environment, record_kind("recipients", ""), id));
      if (known && known->find("details") != nullptr)
        to = reachable(text_in(*known, "type"), *known->find("details"));
    } else {
      to = named_in_place(entry);
    }
    if (to) {
      to->urgency = urgency_of(entry);
      if (const JsonValue* details = entry.find("details"); details != nullptr) {
        if (const JsonValue* variables = details->find("variables")) to->variables = *variables;
      }
      all.push_back(std::move(*to));
    } else {
      count(Counter::alerts_unreachable);
      log_warning("alerts", fmt::format("'{}' has a recipient that cannot be reached: {}",
                                        text_in(alert, "name"), text_in(entry, "type")));
    }
  }
  return all;
}

control::notify::Message message_of(const AlertNews& news, const AlertRecipient& recipient) {
  using control::notify::Event;
  const std::string id = text_in(news.alert, "id");
  std::string name = text_in(news.alert, "name");
  if (name.empty()) name = news.is_trigger ? "Trigger" : "Burn alert";
  control::notify::Message message;
  message.event = news.triggered ? Event::triggered : Event::resolved;
  message.urgency = recipient.urgency;
  message.title = fmt::format("{}: {}", news.triggered ? "Triggered" : "Resolved", name);
  message.text = news.summary;
  if (const std::string description = text_in(news.alert, "description"); !description.empty())
    message.text += "\n" + description;
  message.fields = {{"Dataset", news.dataset}, {"At", to_rfc3339(news.at)}};
  message.dedup_key = fmt::format("honeycomb-{}-{}", news.is_trigger ? "trigger" : "burn-alert", id);
  message.source = "clew triggers";
  if (recipient.recipient.channel != Channel::webhook) return message;

  JsonValue body;
  body["version"] = JsonValue("v0.1.0");
  body["shared_secret"] = JsonValue(recipient.secret);
  body["name"] = JsonValue(name);
  body["id"] = JsonValue(id);
  body["trigger_description"] = JsonValue(text_in(news.alert, "description"));
  body["dataset"] = JsonValue(news.dataset);
  body["status"] = JsonValue(news.triggered ? "TRIGGERED" : "OK");
  body["summary"] = JsonValue(message.title);
  body["description"] = JsonValue(news.summary);
  if (const JsonValue* threshold = news.alert.find("threshold")) {
    body["operator"] = JsonValue(words_of(text_in(*threshold, "op")));
    if (const JsonValue* value = threshold->find("value")) body["threshold"] = *value;
  }
  body["result_groups"] = news.all_groups;
  body["result_groups_triggered"] = news.groups;
  body["timestamp"] = JsonValue(to_rfc3339(news.at));
  message.webhook_body = own_body(news, recipient, message).value_or(body.text());
  return message;
}

JsonValue marker_of(const AlertNews& news, const std::string& message) {
  JsonValue marker;
  marker["id"] = JsonValue(new_short_id());
  marker["start_time"] = JsonValue(news.at.count / 1'000'000'000);
  marker["message"] = JsonValue(message);
  marker["type"] = JsonValue("trigger");
  marker["created_at"] = JsonValue(to_rfc3339(news.at));
  marker["updated_at"] = JsonValue(to_rfc3339(news.at));
  return marker;
}

}  // namespace clew::honeycomb
