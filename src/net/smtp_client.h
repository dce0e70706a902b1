// SmtpClient: hands one message to a mail server (RFC 5321), with STARTTLS and AUTH where the server offers
// them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "net/tls.h"

namespace clew::net {

struct SmtpServer {
  std::string host;
  uint16_t port = 0;
  bool tls_from_start = false;  // smtps://; otherwise STARTTLS is used whenever the server offers it
  std::string user, password;   // both empty: no AUTH
};
// "smtp://mail.example.com", "smtp://user:password@mail.example.com:587", "smtps://mail.example.com". User
// and password are percent-decoded. Usual ports: 25, 587 with a user, 465 for smtps.
Result<SmtpServer> parse_smtp_url(std::string_view url);

struct SmtpOptions {
  SmtpServer server;
  Nanoseconds connect_timeout = seconds(10);
  Nanoseconds timeout = seconds(30);  // of the whole conversation
  TlsClientOptions tls;
};

struct SmtpMessage {
  std::string from;             // "clew@example.com"
  std::vector<std::string> to;  // addresses alone
  std::string text;             // head and body, lines ended by \n or \r\n
};

// Whether it could be written into a command: one "@", no blanks, no control characters, no angle brackets.
bool is_mail_address(std::string_view text);

// Success when the server took the message for every recipient. unavailable or cancelled when it may work
// later (no connection, 4xx); bad_input when the server refused it for good (5xx); forbidden when a password
// would have to travel unencrypted to another machine.
Status send_mail(const SmtpOptions& options, const SmtpMessage& message);

}  // namespace clew::net
