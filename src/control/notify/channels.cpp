#include "control/notify/channels.h"

#include <ctime>

#include <fmt/format.h>

#include "base/base64.h"
#include "net/http_client.h"

namespace clew::control::notify {
namespace {

constexpr size_t kLongestSubject = 200;

// PagerDuty and Slack refuse longer ones.
constexpr size_t kLongestSummary = 1024;
constexpr size_t kLongestSection = 2900;

// At most so many bytes, no character cut in two.
std::string shortened(std::string_view text, size_t longest) {
  if (text.size() <= longest) return std::string(text);
  size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string in_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return line;
}

// Slack's markup takes these three for its own.
std::string slack_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else
      escaped += c;
  }
  return escaped;
}

std::string headline(const Message& message) {
  if (message.event == Event::resolved) return "Resolved: " + message.title;
  return message.title;
}

JsonValue slack_section(std::string text) {
  JsonValue section;
  section["type"] = "section";
  section["text"]["type"] = "mrkdwn";
  section["text"]["text"] = std::move(text);
  return section;
}

// A head's line in the way of RFC 2047 where it is not plain ASCII: in words of at most 75 characters.
std::string encoded_word(std::string_view text) {
  bool plain = true;
  for (const char c : text) plain = plain && static_cast<unsigned char>(c) < 0x80;
  if (plain) return std::string(text);
  constexpr size_t kBytesInAWord = 42;
  std::string words;
  while (!text.empty()) {
    size_t end = std::min(text.size(), kBytesInAWord);
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    if (end == 0) end = std::min(text.size(), kBytesInAWord);
    words += (words.empty() ? "" : "\r\n ") + ("=?utf-8?b?" + base64_encode(text.substr(0, end)) + "?=");
    text.remove_prefix(end);
  }
  return words;
}

std::string mail_date(UnixNanos at) {
  const std::time_t seconds = at.count / 1'000'000'000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  // The names of days and months are those of the C locale, which the program never leaves.
  const size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts);
  return {text, size};
}

Status post(net::HttpClient& client, const Recipient& recipient, std::string body, std::string_view id) {
  net::ClientRequest request;
  request.method = "POST";
  request.url = recipient.url;
  request.headers = {{"content-type", "application/json"}, {"user-agent", "clew"}};
  if (recipient.channel == Channel::webhook) request.headers.emplace_back("x-clew-delivery", id);
  for (const auto& header : recipient.headers) request.headers.push_back(header);
  request.body = std::move(body);
  CLEW_ASSIGN(const net::ClientResponse response, client.send(request));
  if (response.status >= 200 && response.status < 300) return {};
  const bool may_pass =
      response.status >= 500 || response.status == 408 || response.status == 425 || response.status == 429;
  return {may_pass ? ErrorKind::unavailable : ErrorKind::bad_input,
          fmt::format("{} answered {} {}", describe(recipient), response.status,
                      shortened(in_one_line(response.body), 200))};
}

}  // namespace

std::string webhook_document(const Message& message) {
  if (!message.webhook_body.empty()) return message.webhook_body;
  return to_json(message).text();
}

std::string slack_document(const Message& message) {
  const std::string title = slack_escaped(in_one_line(headline(message)));
  std::string head =
      message.url.empty() ? "*" + title + "*" : fmt::format("*<{}|{}>*", slack_escaped(message.url), title);
  JsonValue::Array blocks;
  blocks.push_back(slack_section(shortened(head, kLongestSection)));
  if (!message.text.empty())
    blocks.push_back(slack_section(shortened(slack_escaped(message.text), kLongestSection)));
  std::string facts;
  for (const auto& [name, value] : message.fields)
    facts += fmt::format("*{}*: {}\n", slack_escaped(name), slack_escaped(in_one_line(value)));
  if (!facts.empty()) blocks.push_back(slack_section(shortened(facts, kLongestSection)));
  JsonValue json;
  json["text"] = shortened(title, kLongestSection);  // what a phone shows
  json["blocks"] = std::move(blocks);
  return json.text();
}

std::string pagerduty_document(const Message& message, std::string_view routing_key) {
  JsonValue json;
  json["routing_key"] = routing_key;
  json["event_action"] = message.event == Event::resolved ? "resolve" : "trigger";
  if (!message.dedup_key.empty()) json["dedup_key"] = shortened(message.dedup_key, 255);
  JsonValue payload;
  payload["summary"] = shortened(in_one_line(message.title), kLongestSummary);
  payload["source"] = message.source;
  payload["severity"] = name_of(message.urgency);
  JsonValue details{JsonValue::Object()};
  if (!message.text.empty()) details["text"] = message.text;
  for (const auto& [name, value] : message.fields) details[name] = value;
  payload["custom_details"] = std::move(details);
  json["payload"] = std::move(payload);
  if (!message.url.empty()) {
    JsonValue link;
    link["href"] = message.url;
    link["text"] = "clew";
    json["links"] = JsonValue::Array{std::move(link)};
  }
  json["client"] = "clew";
  return json.text();
}

std::string mail_text(const Message& message, const MailEnvelope& envelope) {
  const std::string host = envelope.from.substr(envelope.from.find('@') + 1);
  std::string body;
  if (!message.text.empty()) body += message.text + "\n\n";
  for (const auto& [name, value] : message.fields) body += name + ": " + value + "\n";
  if (!message.url.empty()) body += "\n" + message.url + "\n";
  // Base64, so that no line is too long for a mail server whatever is in it.
  const std::string encoded = base64_encode(body);
  std::string text = fmt::format(
      "From: clew <{}>\r\nTo: <{}>\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}@{}>\r\n"
      "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
      envelope.from, envelope.to, encoded_word(shortened(in_one_line(headline(message)), kLongestSubject)),
      mail_date(envelope.date), envelope.id, host);
  for (size_t at = 0; at < encoded.size(); at += 76) text += encoded.substr(at, 76) + "\r\n";
  return text;
}

Result<Deliver> deliver_through_channels(ChannelSettings settings) {
  net::HttpClientOptions options;
  options.connect_timeout = settings.timeout;
  options.timeout = settings.timeout;
  options.answer_body_bytes = 64 << 10;
  options.proxy_from_environment = true;
  CLEW_ASSIGN(std::shared_ptr<net::HttpClient> client, net::HttpClient::create(std::move(options)));
  return Deliver([client, settings = std::move(settings)](const Recipient& recipient, const Message& message,
                                                          std::string_view id) -> Status {
    switch (recipient.channel) {
      case Channel::webhook:
        return post(*client, recipient, webhook_document(message), id);
      case Channel::slack:
        return post(*client, recipient, slack_document(message), id);
      case Channel::pagerduty:
        return post(*client, recipient, pagerduty_document(message, recipient.routing_key), id);
      case Channel::email:
        break;
    }
    if (!settings.smtp)
      return {ErrorKind::bad_input, "no mail server is known: start clew with --smtp smtp://HOST"};
    const std::string text = mail_text(
        message, {.from = settings.mail_from, .to = recipient.address, .id = std::string(id), .date = now()});
    return net::send_mail({.server = *settings.smtp,
                           .connect_timeout = settings.timeout,
                           .timeout = settings.timeout,
                           .tls = settings.smtp_tls},
                          {.from = settings.mail_from, .to = {recipient.address}, .text = text});
  });
}

}  // namespace clew::control::notify
