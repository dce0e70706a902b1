#include "net/proxy.h"

#include <algorithm>
#include <cstdlib>
#include <poll.h>

#include <fmt/format.h>
#include <sys/socket.h>

#include "base/base64.h"
#include "net/url_encoding.h"

namespace clew::net {
namespace {

constexpr size_t kMostAnswerBytes = 16 << 10;

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

// An entry of NO_PROXY: a host, a domain with all below it, either with a port.
bool is_meant(std::string_view entry, const HostAndPort& to) {
  if (entry == "*") return true;
  const size_t colon = entry.rfind(':');
  if (colon != std::string_view::npos && entry.find(':') == colon) {
    if (entry.substr(colon + 1) != std::to_string(to.port)) return false;
    entry = entry.substr(0, colon);
  }
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  const std::string_view host = to.host;
  if (!entry.starts_with('.')) {
    if (host == entry) return true;
    return host.size() > entry.size() && host.ends_with(entry) && host[host.size() - entry.size() - 1] == '.';
  }
  return host.ends_with(entry);
}

bool is_excepted(std::string_view list, const HostAndPort& to) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    std::string_view entry = list.substr(0, comma);
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    if (!entry.empty() && is_meant(entry, to)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

std::optional<Proxy> parse_proxy(std::string_view url) {
  if (const size_t scheme = url.find("://"); scheme != std::string_view::npos) {
    if (url.substr(0, scheme) != "http") return std::nullopt;  // the way to the proxy itself is not encrypted
    url.remove_prefix(scheme + 3);
  }
  url = url.substr(0, url.find('/'));
  Proxy proxy;
  if (const size_t at = url.rfind('@'); at != std::string_view::npos) {
    proxy.authorization =
        "Basic " + base64_encode(percent_decode(url.substr(0, at)).value_or(std::string(url.substr(0, at))));
    url.remove_prefix(at + 1);
  }
  auto where = parse_host_and_port(url, 80);
  if (!where.ok() || where->host.empty()) return std::nullopt;
  proxy.where = std::move(*where);
  return proxy;
}

}  // namespace

std::optional<Proxy> proxy_from(const std::map<std::string, std::string>& environment, const HostAndPort& to,
                                bool tls) {
  if (is_loopback(to.host)) return std::nullopt;
  const auto variable = [&](const char* upper, const char* lower) -> std::string {
    for (const char* name : {upper, lower})
      if (const auto it = environment.find(name); it != environment.end() && !it->second.empty())
        return it->second;
    return {};
  };
  const std::string url = tls ? variable("HTTPS_PROXY", "https_proxy") : variable("HTTP_PROXY", "http_proxy");
  if (url.empty() || is_excepted(variable("NO_PROXY", "no_proxy"), to)) return std::nullopt;
  return parse_proxy(url);
}

std::optional<Proxy> proxy_from_environment(const HostAndPort& to, bool tls) {
  std::map<std::string, std::string> environment;
  for (const char* name : {"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"})
    if (const char* value = std::getenv(name)) environment[name] = value;
  return proxy_from(environment, to, tls);
}

Result<FileDescriptor> connect_through(const Proxy& proxy, const HostAndPort& to, Nanoseconds timeout) {
  const Nanoseconds until{monotonic_now().count + timeout.count};
  CLEW_ASSIGN(FileDescriptor socket, connect_to(proxy.where, timeout));
  const bool is_ipv6 = to.host.find(':') != std::string::npos;
  const std::string target =
      is_ipv6 ? fmt::format("[{}]:{}", to.host, to.port) : fmt::format("{}:{}", to.host, to.port);
  std::string request = fmt::format("CONNECT {0} HTTP/1.1\r\nhost: {0}\r\n", target);
  if (!proxy.authorization.empty()) request += "proxy-authorization: " + proxy.authorization + "\r\n";
  request += "\r\n";
  const auto broken = [&](std::string_view why) {
    return Status(ErrorKind::unavailable,
                  fmt::format("the proxy {}:{} {}", proxy.where.host, proxy.where.port, why));
  };
  const auto wait = [&](short events) {
    const Nanoseconds left{until.count - monotonic_now().count};
    return left.count > 0 && wait_for(socket.number(), events, left);
  };
  for (std::string_view unsent = request; !unsent.empty();) {
    const ssize_t sent = send(socket.number(), unsent.data(), unsent.size(), MSG_NOSIGNAL);
    if (sent > 0) unsent.remove_prefix(static_cast<size_t>(sent));
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return broken("closed the connection");
    if (!unsent.empty() && !wait(POLLOUT)) return broken("does not answer");
  }
  // Byte by byte, since what follows the answer belongs to the tunnel.
  std::string answer;
  while (!answer.ends_with("\r\n\r\n")) {
    char c = 0;
    const ssize_t count = recv(socket.number(), &c, 1, 0);
    if (count == 0) return broken("closed the connection");
    if (count < 0 && errno != EAGAIN && errno != EINTR) return broken("closed the connection");
    if (count < 0 && !wait(POLLIN)) return broken("does not answer");
    if (count == 1) answer += c;
    if (answer.size() > kMostAnswerBytes) return broken("answered with too many headers");
  }
  const std::string_view status = std::string_view(answer).substr(0, answer.find("\r\n"));
  if (status.size() < 12 || !status.starts_with("HTTP/1.") || status[9] != '2')
    return broken(fmt::format("refused a tunnel to {}: {}", target, status));
  return socket;
}

}  // namespace clew::net
