#include "control/notify/recipient.h"

#include <fmt/format.h>

#include "net/http_client.h"
#include "net/smtp_client.h"

namespace clew::control::notify {
namespace {

constexpr std::string_view kPagerDuty = "https://events.pagerduty.com/v2/enqueue";
constexpr size_t kMostHeaders = 20;
constexpr size_t kLongestText = 4096;

Result<std::string> text_member(const JsonValue& json, std::string_view name) {
  const JsonValue* value = json.find(name);
  if (!value || value->is_null()) return std::string();
  if (!value->string()) return {ErrorKind::bad_input, fmt::format("{} must be a string", name)};
  if (value->string()->size() > kLongestText)
    return {ErrorKind::bad_input, fmt::format("{} is longer than {} bytes", name, kLongestText)};
  return *value->string();
}

Status read_headers(const JsonValue& json, Recipient& recipient) {
  const JsonValue* headers = json.find("headers");
  if (!headers || headers->is_null()) return {};
  if (!headers->object() || headers->object()->size() > kMostHeaders)
    return {ErrorKind::bad_input,
            fmt::format("headers must be an object of at most {} strings", kMostHeaders)};
  for (const auto& [name, value] : *headers->object()) {
    std::string lower;
    for (const char c : name) lower += (c >= 'A' && c <= 'Z') ? static_cast<char>(c + 32) : c;
    const bool is_name = !lower.empty() && lower.find_first_not_of(
                                               "abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos;
    if (!is_name || lower == "host" || lower == "content-length" || lower == "content-type")
      return {ErrorKind::bad_input, fmt::format("headers: {} cannot be set", name)};
    if (!value.string() || value.string()->find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      return {ErrorKind::bad_input, fmt::format("headers: {} must be a string in one line", name)};
    recipient.headers.emplace_back(std::move(lower), *value.string());
  }
  return {};
}

}  // namespace

std::string_view name_of(Channel channel) {
  switch (channel) {
    case Channel::webhook:
      return "webhook";
    case Channel::slack:
      return "slack";
    case Channel::pagerduty:
      return "pagerduty";
    case Channel::email:
      return "email";
  }
  return "";
}

Result<Recipient> recipient_from_json(const JsonValue& json) {
  if (!json.object()) return {ErrorKind::bad_input, "a recipient is a JSON object"};
  Recipient recipient;
  CLEW_ASSIGN(const std::string channel, text_member(json, "channel"));
  bool known = false;
  for (const Channel one : {Channel::webhook, Channel::slack, Channel::pagerduty, Channel::email}) {
    if (channel != name_of(one)) continue;
    recipient.channel = one;
    known = true;
  }
  if (!known)
    return {ErrorKind::bad_input,
            fmt::format("channel must be webhook, slack, pagerduty or email, got '{}'", channel)};
  if (recipient.channel == Channel::email) {
    CLEW_ASSIGN(recipient.address, text_member(json, "address"));
    if (!net::is_mail_address(recipient.address))
      return {ErrorKind::bad_input, fmt::format("address: '{}' is no mail address", recipient.address)};
    return recipient;
  }
  CLEW_ASSIGN(recipient.url, text_member(json, "url"));
  if (recipient.channel == Channel::pagerduty) {
    if (recipient.url.empty()) recipient.url = kPagerDuty;
    CLEW_ASSIGN(recipient.routing_key, text_member(json, "routing_key"));
    if (recipient.routing_key.empty()) return {ErrorKind::bad_input, "routing_key is missing"};
  }
  if (const auto url = net::parse_url(recipient.url); !url.ok()) return url.status().within("url");
  if (recipient.channel == Channel::webhook) CLEW_TRY(read_headers(json, recipient));
  return recipient;
}

JsonValue to_json(const Recipient& recipient) {
  JsonValue json;
  json["channel"] = name_of(recipient.channel);
  if (recipient.channel == Channel::email) {
    json["address"] = recipient.address;
    return json;
  }
  json["url"] = recipient.url;
  if (recipient.channel == Channel::pagerduty) json["routing_key"] = recipient.routing_key;
  if (!recipient.headers.empty()) {
    JsonValue& headers = json["headers"];
    for (const auto& [name, value] : recipient.headers) headers[name] = value;
  }
  return json;
}

std::string describe(const Recipient& recipient) {
  if (recipient.channel == Channel::email) return "email " + recipient.address;
  const auto url = net::parse_url(recipient.url);
  return fmt::format("{} {}", name_of(recipient.channel), url.ok() ? url->host_header : "?");
}

}  // namespace clew::control::notify
