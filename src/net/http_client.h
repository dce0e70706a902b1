// HttpClient: sends HTTP/1.1 requests and waits for their answers. Connections are kept and used again.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/compression.h"
#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "net/tls.h"

namespace clew::net {

struct Url {
  bool tls = false;
  std::string host;
  uint16_t port = 0;
  std::string target = "/";  // path and query
  std::string host_header;   // host, and port where it is not the usual one
};
// "http://127.0.0.1:4318/v1/traces", "https://api.example.com".
Result<Url> parse_url(std::string_view text);

struct ClientRequest {
  std::string method = "GET";
  std::string url;
  Headers headers;  // host, content-length and accept-encoding are added
  std::string body;
  std::optional<Compression> compression;  // of the body; adds content-encoding
  // Called whenever more of the answer's body has come, with all of it that is there so far (as it comes:
  // still compressed).
  std::function<void(std::string_view)> on_body;
};

struct ClientResponse {
  int status = 0;
  std::string reason;
  Headers headers;
  std::string body;  // decompressed

  std::optional<std::string_view> header(std::string_view name) const { return find_header(headers, name); }
};

struct HttpClientOptions {
  Nanoseconds connect_timeout = seconds(10);
  Nanoseconds timeout = seconds(30);  // of a whole exchange
  size_t answer_header_bytes = 64 << 10;
  size_t answer_body_bytes = 64 << 20;  // as it comes, and again after decompression
  size_t kept_connections = 8;
  Nanoseconds kept_for = seconds(30);
  TlsClientOptions tls;
  bool proxy_from_environment = false;  // see net/proxy.h
};

class HttpClient {
 public:
  static Result<std::unique_ptr<HttpClient>> create(HttpClientOptions options);
  virtual ~HttpClient() = default;
  // Any thread. Any answer, also one that says no, is a success here. unavailable when there is no connection
  // or it breaks, cancelled when the time is over, bad_input for a bad URL or an answer that is not HTTP,
  // too_large for one over the limits. Redirects are not followed.
  virtual Result<ClientResponse> send(const ClientRequest& request) = 0;
  // Any thread. What waits for an answer, and whatever is sent later, ends as cancelled. A connection that is
  // being made is waited for (connect_timeout).
  virtual void cancel() = 0;
};

}  // namespace clew::net
