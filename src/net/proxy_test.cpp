#include "net/proxy.h"

#include <gtest/gtest.h>

#include "net/raw_client.h"

namespace clew::net {
namespace {

TEST(Proxy, WhatTheEnvironmentNames) {
  const std::map<std::string, std::string> environment{
      {"HTTPS_PROXY", "http://user:pass%20word@proxy.example:3128"},
      {"http_proxy", "plain.example:8080"},
      {"NO_PROXY", "internal.example, .corp.example,10.0.0.7,api.example:8443"}};
  struct Case {
    const char* host;
    uint16_t port;
    bool tls;
    const char* proxy;  // "" for none
  };
  const Case cases[] = {
      {"api.honeycomb.io", 443, true, "proxy.example"},
      {"api.honeycomb.io", 80, false, "plain.example"},
      {"internal.example", 443, true, ""},
      {"a.internal.example", 443, true, ""},
      {"notinternal.example", 443, true, "proxy.example"},
      {"a.corp.example", 443, true, ""},
      {"corp.example", 443, true, "proxy.example"},
      {"10.0.0.7", 4317, true, ""},
      {"api.example", 8443, true, ""},
      {"api.example", 443, true, "proxy.example"},
      {"localhost", 4317, true, ""},
      {"127.0.0.1", 4317, true, ""},
  };
  for (const Case& one : cases) {
    const auto proxy = proxy_from(environment, {one.host, one.port}, one.tls);
    EXPECT_EQ(proxy ? proxy->where.host : "", one.proxy) << one.host << ":" << one.port;
  }
  EXPECT_EQ(proxy_from(environment, {"a.b", 443}, true)->authorization, "Basic dXNlcjpwYXNzIHdvcmQ=");
  EXPECT_FALSE(proxy_from({}, {"a.b", 443}, true));
}

TEST(Proxy, ARefusedTunnelSaysWhy) {
  // A server that is no proxy.
  const TestServer server;
  const auto socket = connect_through({{"127.0.0.1", server.port()}, ""}, {"api.example", 443}, seconds(5));
  ASSERT_FALSE(socket.ok());
  EXPECT_EQ(socket.status().kind(), ErrorKind::unavailable);
}

}  // namespace
}  // namespace clew::net
