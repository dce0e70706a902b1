#include "app/listen_address.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <netdb.h>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace clew::app {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Status no_address(std::string_view text) {
  return Status(ErrorKind::bad_input,
                fmt::format("not an address to listen on: expected HOST:PORT, HOST or PORT, got '{}'", text));
}

bool is_loopback_address(const sockaddr* address) {
  if (address->sa_family == AF_INET)
    return ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr) >> 24 == 127;
  if (address->sa_family == AF_INET6)
    return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
  return false;
}

}  // namespace

std::string ListenAddress::text() const {
  const bool version_6 = host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", version_6 ? "[" : "", host, version_6 ? "]" : "", port);
}

bool ListenAddress::is_loopback() const {
  // What a name means is up to the machine, so it is asked; a name that means several addresses is loopback
  // only if all of them are.
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return host == "localhost";
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  for (const addrinfo* one = found; one; one = one->ai_next) {
    if (!is_loopback_address(one->ai_addr)) return false;
  }
  return true;
}

bool ListenAddress::is_any() const {
  return host == "0.0.0.0" || host == "::";
}

Result<std::vector<ListenAddress>> parse_listen_address(std::string_view text) {
  if (text.find("//") != std::string_view::npos)
    return no_address(text);  // a URL: the commonest mistake here
  std::string_view host = text, port;
  if (is_number(text)) {
    host = "127.0.0.1";
    port = text;
  } else if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == std::string_view::npos) return no_address(text);
    host = text.substr(1, close - 1);
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && !rest.starts_with(':')) return no_address(text);
    port = rest.empty() ? rest : rest.substr(1);
    if (!rest.empty() && port.empty()) return no_address(text);
  } else if (const size_t colon = text.find(':');
             colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (port.empty()) return no_address(text);
  }
  if (host.empty() || host.find_first_of("/ ,") != std::string_view::npos) return no_address(text);
  if (port.empty()) {
    std::vector<ListenAddress> usual;
    for (const uint16_t one : {kPagePort, kOtlpGrpcPort, kOtlpHttpPort})
      usual.push_back({std::string(host), one});
    return usual;
  }
  uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size())
    return Status(ErrorKind::bad_input,
                  fmt::format("not a port: expected 0 to 65535, got '{}' in '{}'", port, text));
  return std::vector<ListenAddress>{{std::string(host), number}};
}

}  // namespace clew::app
