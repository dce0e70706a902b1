#include "net/smtp_client.h"

#include <algorithm>
#include <memory>
#include <poll.h>

#include <fmt/format.h>

#include "base/base64.h"
#include "net/address.h"
#include "net/url_encoding.h"

namespace clew::net {
namespace {

constexpr size_t kMaxReplyBytes = 64 << 10;

struct Reply {
  int code = 0;
  std::vector<std::string> lines;  // without the code

  bool offers(std::string_view word) const {
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
      return std::string_view(line).substr(0, word.size()) == word &&
             (line.size() == word.size() || line[word.size()] == ' ' || line[word.size()] == '=');
    });
  }
  std::string text() const {
    std::string joined = std::to_string(code);
    for (const std::string& line : lines) joined += " " + line;
    return joined;
  }
};

class Conversation {
 public:
  explicit Conversation(const SmtpOptions& options)
      : options_(options), until_{monotonic_now().count + options.timeout.count} {}

  Status open() {
    const SmtpServer& server = options_.server;
    CLEW_ASSIGN(socket_, connect_to({server.host, server.port}, options_.connect_timeout));
    transport_ = plain_transport(socket_.number());
    if (server.tls_from_start) CLEW_TRY(start_tls());
    return expect(220).status();
  }

  // Everything read so far was without protection, and is not believed any more.
  Status start_tls() {
    buffer_.clear();
    CLEW_ASSIGN(const std::shared_ptr<TlsContext> context, TlsContext::for_client(options_.tls, {}));
    CLEW_ASSIGN(transport_, context->connect(socket_.number(), options_.server.host));
    protected_ = true;
    return {};
  }
  bool is_protected() const { return protected_; }

  Result<Reply> ask(std::string_view command, int expected) {
    CLEW_TRY(write(std::string(command) + "\r\n"));
    return expect(expected);
  }

  Result<Reply> expect(int expected) {
    CLEW_ASSIGN(Reply reply, read_reply());
    if (reply.code / 100 == expected / 100) return reply;
    const bool later = reply.code / 100 == 4;
    return Status(later ? ErrorKind::unavailable : ErrorKind::bad_input,
                  fmt::format("the mail server {} said: {}", options_.server.host, reply.text()));
  }

  Status write(std::string_view bytes) {
    while (!bytes.empty()) {
      const iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
      const Transfer sent = transport_->write({&piece, 1});
      if (sent.kind == Transfer::Kind::done) {
        bytes.remove_prefix(sent.bytes);
        continue;
      }
      if (sent.kind != Transfer::Kind::would_block) return broken();
      // A TLS handshake reads to be able to write.
      if (protected_) CLEW_TRY(read_some());
      CLEW_TRY(wait(POLLOUT | POLLIN));
    }
    return {};
  }

 private:
  Status broken() const {
    const std::string why = transport_->failure();
    return {ErrorKind::unavailable, fmt::format("the mail server {}: {}", options_.server.host,
                                                why.empty() ? "the connection broke" : why)};
  }

  Status wait(short events) const {
    const Nanoseconds left{until_.count - monotonic_now().count};
    if (left.count > 0 && wait_for(socket_.number(), events, left)) return {};
    return {ErrorKind::cancelled, fmt::format("the mail server {} did not answer within {}",
                                              options_.server.host, to_human(options_.timeout))};
  }

  // Without waiting.
  Status read_some() {
    char bytes[4096];
    const Transfer got = transport_->read({}, bytes);
    if (got.kind == Transfer::Kind::done) buffer_.append(bytes, got.bytes);
    if (got.kind == Transfer::Kind::finished || got.kind == Transfer::Kind::failed) return broken();
    if (buffer_.size() > kMaxReplyBytes)
      return {ErrorKind::bad_input, fmt::format("the mail server {} talks too much", options_.server.host)};
    return {};
  }

  Result<std::string> read_line() {
    while (true) {
      if (const size_t end = buffer_.find('\n'); end != std::string::npos) {
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        if (!line.empty() && line.back() == '\r') line.pop_back();
        return line;
      }
      const size_t before = buffer_.size();
      CLEW_TRY(read_some());
      if (buffer_.size() > before) continue;
      CLEW_TRY(wait(static_cast<short>(POLLIN | (transport_->read_waits_for_write() ? POLLOUT : 0))));
    }
  }

  Result<Reply> read_reply() {
    Reply reply;
    size_t bytes = 0;
    while (true) {
      CLEW_ASSIGN(const std::string line, read_line());
      bytes += line.size();
      const bool is_reply = line.size() >= 3 && std::all_of(line.begin(), line.begin() + 3,
                                                            [](char c) { return c >= '0' && c <= '9'; });
      if (!is_reply || bytes > kMaxReplyBytes)
        return Status(ErrorKind::bad_input, fmt::format("{} does not speak SMTP", options_.server.host));
      reply.code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
      reply.lines.push_back(line.size() > 4 ? line.substr(4) : std::string());
      if (line.size() == 3 || line[3] != '-') return reply;
    }
  }

  const SmtpOptions& options_;
  const Nanoseconds until_;
  FileDescriptor socket_;
  std::unique_ptr<Transport> transport_;
  bool protected_ = false;
  std::string buffer_;
};

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

Status authenticate(Conversation& conversation, const SmtpServer& server, const Reply& greeting) {
  if (server.user.empty()) return {};
  if (!conversation.is_protected() && !is_this_machine(server.host))
    return {ErrorKind::forbidden,
            fmt::format("{} offers no STARTTLS: the password would travel unencrypted", server.host)};
  std::string mechanisms;
  for (const std::string& line : greeting.lines)
    if (line.starts_with("AUTH")) mechanisms += line.substr(4) + " ";
  if (mechanisms.find("PLAIN") != std::string::npos || mechanisms.find("LOGIN") == std::string::npos) {
    std::string secret("\0", 1);
    secret += server.user;
    secret.push_back('\0');
    secret += server.password;
    return conversation.ask("AUTH PLAIN " + base64_encode(secret), 235).status();
  }
  CLEW_TRY(conversation.ask("AUTH LOGIN", 334).status());
  CLEW_TRY(conversation.ask(base64_encode(server.user), 334).status());
  return conversation.ask(base64_encode(server.password), 235).status();
}

// Lines ended as SMTP wants them, a dot at their beginning doubled, and the dot that ends it all.
std::string as_data(std::string_view text) {
  std::string data;
  data.reserve(text.size() + 16);
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with('.')) data += '.';
    data.append(line).append("\r\n");
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return data + ".\r\n";
}

}  // namespace

Result<SmtpServer> parse_smtp_url(std::string_view url) {
  SmtpServer server;
  std::string_view rest = url;
  if (rest.starts_with("smtps://")) {
    server.tls_from_start = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("smtp://")) {
    rest.remove_prefix(7);
  } else {
    return {ErrorKind::bad_input, "expected smtp://HOST or smtps://HOST"};
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (const size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view account = rest.substr(0, at);
    const size_t colon = account.find(':');
    const std::string_view password = colon == std::string_view::npos ? "" : account.substr(colon + 1);
    const auto user = percent_decode(account.substr(0, colon));
    const auto secret = percent_decode(password);
    if (!user || !secret)
      return {ErrorKind::bad_input, "a % in the user or password of the mail server's URL is written %25"};
    server.user = *user;
    server.password = *secret;
    rest.remove_prefix(at + 1);
  }
  const uint16_t usual = server.tls_from_start ? 465 : server.user.empty() ? 25 : 587;
  CLEW_ASSIGN(HostAndPort where, parse_host_and_port(rest, usual));
  if (where.host.empty() || where.port == 0)
    return {ErrorKind::bad_input, "the URL of the mail server names no host"};
  server.host = std::move(where.host);
  server.port = where.port;
  return server;
}

bool is_mail_address(std::string_view text) {
  const size_t at = text.find('@');
  if (text.size() > 254 || at == 0 || at == std::string_view::npos || at + 1 == text.size()) return false;
  if (text.find('@', at + 1) != std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && c != '<' && c != '>' && c != ',' && c != ';';
  });
}

Status send_mail(const SmtpOptions& options, const SmtpMessage& message) {
  if (!is_mail_address(message.from))
    return {ErrorKind::bad_input, fmt::format("{} is no mail address", message.from)};
  for (const std::string& to : message.to)
    if (!is_mail_address(to)) return {ErrorKind::bad_input, fmt::format("{} is no mail address", to)};
  Conversation conversation(options);
  CLEW_TRY(conversation.open());
  CLEW_ASSIGN(Reply greeting, conversation.ask("EHLO clew", 250));
  if (!conversation.is_protected() && greeting.offers("STARTTLS")) {
    CLEW_TRY(conversation.ask("STARTTLS", 220).status());
    CLEW_TRY(conversation.start_tls());
    CLEW_ASSIGN(greeting, conversation.ask("EHLO clew", 250));
  }
  CLEW_TRY(authenticate(conversation, options.server, greeting));
  CLEW_TRY(conversation.ask("MAIL FROM:<" + message.from + ">", 250).status());
  for (const std::string& to : message.to) CLEW_TRY(conversation.ask("RCPT TO:<" + to + ">", 250).status());
  CLEW_TRY(conversation.ask("DATA", 354).status());
  CLEW_TRY(conversation.write(as_data(message.text)));
  CLEW_TRY(conversation.expect(250).status());
  // The message is theirs now, whatever they say to the goodbye.
  (void)conversation.write("QUIT\r\n");
  return {};
}

}  // namespace clew::net
