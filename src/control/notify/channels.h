// The documents that the channels carry, and the sending of one of them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "control/notify/message.h"
#include "control/notify/recipient.h"
#include "net/smtp_client.h"

namespace clew::control::notify {

// What the receivers of each channel understand.
std::string webhook_document(const Message& message);
std::string slack_document(const Message& message);
std::string pagerduty_document(const Message& message, std::string_view routing_key);
// Head and body of a mail, in plain text. `id` goes into its Message-ID.
struct MailEnvelope {
  std::string from;
  std::string to;
  std::string id;
  UnixNanos date;
};
std::string mail_text(const Message& message, const MailEnvelope& envelope);

struct ChannelSettings {
  std::optional<net::SmtpServer> smtp;  // without one, mail cannot be sent
  std::string mail_from = "clew@localhost";
  net::TlsClientOptions smtp_tls;
  Nanoseconds timeout = seconds(15);  // of one delivery
};

// Delivers one message. `id` is the same for every attempt. Failures that may pass are unavailable or
// cancelled; any other is final.
using Deliver = std::function<Status(const Recipient&, const Message&, std::string_view id)>;
Result<Deliver> deliver_through_channels(ChannelSettings settings);

}  // namespace clew::control::notify
