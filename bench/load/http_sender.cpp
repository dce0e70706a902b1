#include "http_sender.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <strings.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace clew::load {
namespace {

// The value of a header in `head`, or nothing.
std::optional<std::string_view> header_of(std::string_view head, std::string_view name) {
  for (size_t line = 0; line < head.size();) {
    size_t end = head.find("\r\n", line);
    if (end == std::string_view::npos) end = head.size();
    const std::string_view text = head.substr(line, end - line);
    if (text.size() > name.size() && text[name.size()] == ':' &&
        strncasecmp(text.data(), name.data(), name.size()) == 0)
      return text.substr(name.size() + 1);
    line = end + 2;
  }
  return std::nullopt;
}

// Whether all of the answer is there.
bool is_complete(const std::string& answer) {
  const size_t head_end = answer.find("\r\n\r\n");
  if (head_end == std::string::npos) return false;
  const std::string_view head(answer.data(), head_end);
  if (header_of(head, "transfer-encoding")) return answer.ends_with("\r\n0\r\n\r\n");
  const auto length = header_of(head, "content-length");
  const size_t body = length ? std::strtoull(std::string(*length).c_str(), nullptr, 10) : 0;
  return answer.size() >= head_end + 4 + body;
}

}  // namespace

HttpSender::HttpSender(Target target) : target_(std::move(target)), socket_(socket(AF_INET, SOCK_STREAM, 0)) {
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(target_.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    std::perror(("connecting to 127.0.0.1:" + std::to_string(target_.port)).c_str());
    std::exit(1);
  }
}

HttpSender::~HttpSender() {
  close(socket_);
}

std::optional<Answer> HttpSender::post(std::string_view body) {
  std::string head =
      "POST " + target_.path + " HTTP/1.1\r\nhost: 127.0.0.1:" + std::to_string(target_.port) +
      "\r\ncontent-type: application/x-protobuf\r\ncontent-length: " + std::to_string(body.size()) + "\r\n";
  for (const std::string& header : target_.headers) head += header + "\r\n";
  head += "\r\n";
  if (!send(head, body)) return std::nullopt;
  return receive();
}

bool HttpSender::send(std::string_view head, std::string_view body) const {
  std::array<iovec, 2> parts = {
      {{const_cast<char*>(head.data()), head.size()}, {const_cast<char*>(body.data()), body.size()}}};
  size_t first = 0;
  while (first < parts.size()) {
    const ssize_t written = writev(socket_, parts.data() + first, static_cast<int>(parts.size() - first));
    if (written <= 0) return false;
    auto left = static_cast<size_t>(written);
    while (first < parts.size() && left >= parts[first].iov_len) left -= parts[first++].iov_len;
    if (first < parts.size()) {
      parts[first].iov_base = static_cast<char*>(parts[first].iov_base) + left;
      parts[first].iov_len -= left;
    }
  }
  return true;
}

std::optional<Answer> HttpSender::receive() const {
  std::string answer;
  std::array<char, 16 << 10> buffer;
  do {
    const ssize_t size = read(socket_, buffer.data(), buffer.size());
    if (size <= 0) return std::nullopt;
    answer.append(buffer.data(), static_cast<size_t>(size));
  } while (!is_complete(answer));
  return Answer{.status = std::atoi(answer.c_str() + std::string_view("HTTP/1.1 ").size()),
                .text = std::move(answer)};
}

}  // namespace clew::load
