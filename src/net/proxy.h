// Proxies as the environment names them: HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in upper or lower case.
// Whatever is sent, the proxy is asked for a tunnel (CONNECT).
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "net/address.h"

namespace clew::net {

struct Proxy {
  HostAndPort where;
  std::string authorization;  // of a user and password in its URL; empty: none
};

// Nothing when the environment names none for this place, or names it in NO_PROXY ("localhost,.example.com,
// 10.0.0.7:80", or "*"). This machine is never reached through a proxy.
std::optional<Proxy> proxy_from_environment(const HostAndPort& to, bool tls);
std::optional<Proxy> proxy_from(const std::map<std::string, std::string>& environment, const HostAndPort& to,
                                bool tls);

// A connected socket whose other end is `to`.
Result<FileDescriptor> connect_through(const Proxy& proxy, const HostAndPort& to, Nanoseconds timeout);

}  // namespace clew::net
