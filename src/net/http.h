// What a door hands to the rest of the program: HTTP requests and gRPC calls with their bodies complete,
// decompressed and within limits, and handles to answer them from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/shared_bytes.h"

namespace clew::net {

// Names are lower case. Order and repetition are kept.
using Headers = std::vector<std::pair<std::string, std::string>>;
// The first value under this lower-case name.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

struct Request {
  std::string method;  // "GET"
  std::string path;    // before '?', percent-decoded
  std::string query;   // after '?', as it came
  Headers headers;
  SharedBytes body;  // decompressed
  size_t body_bytes_on_wire = 0;
  std::string peer;  // "127.0.0.1:51234"
  bool peer_is_loopback = false;
  bool tls = false;
  uint16_t door = 0;      // the local port
  int http_version = 11;  // 10, 11, 20

  std::optional<std::string_view> header(std::string_view name) const { return find_header(headers, name); }
  // Decoded value of a query parameter ("from" in ?from=now-1h), the first if repeated.
  std::optional<std::string> parameter(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string reason;  // empty: the usual phrase. Several OTLP clients print only this, so errors say their
                       // cause here
  Headers headers;     // content-length, date and connection are added
  std::string body;
};
Response text_response(int status, std::string body);
Response json_response(int status, std::string body);

// Answers one HTTP request: send(), or begin() then write()… then end(). Any thread; copies speak for the
// same request. A Responder whose last copy goes away unanswered answers 500.
class Responder {
 public:
  class Sink;  // the connection's side
  explicit Responder(std::shared_ptr<Sink> sink) : sink_(std::move(sink)) {}
  void send(Response response) const;
  // A streamed answer (chunked, or DATA frames). The body of `head` is sent first.
  void begin(Response head) const;
  // False when the client has gone away. Waits while the client reads slower than we write and much is
  // buffered; not on the event loop itself (within a handler), where it only buffers: long streams are
  // written from another thread.
  bool write(std::string_view bytes) const;
  void end() const;
  // True once the client went away.
  bool cancelled() const;

 private:
  std::shared_ptr<Sink> sink_;
};

using Handler = std::function<void(Request, Responder)>;

// gRPC status codes.
enum class GrpcCode : uint8_t {
  ok = 0,
  cancelled = 1,
  unknown = 2,
  invalid_argument = 3,
  deadline_exceeded = 4,
  not_found = 5,
  already_exists = 6,
  permission_denied = 7,
  resource_exhausted = 8,
  failed_precondition = 9,
  aborted = 10,
  out_of_range = 11,
  unimplemented = 12,
  internal = 13,
  unavailable = 14,
  data_loss = 15,
  unauthenticated = 16
};

// A unary call.
struct GrpcRequest {
  std::string method;  // "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
  Headers metadata;
  SharedBytes message;  // one message, decompressed
  std::string peer;
  bool peer_is_loopback = false;
  bool tls = false;
  uint16_t door = 0;
};
struct GrpcResponse {
  GrpcCode code = GrpcCode::ok;
  std::string error;           // grpc-message
  std::string message;         // when ok
  std::string status_details;  // serialized google.rpc.Status for grpc-status-details-bin; empty: none
};
using GrpcResponder = std::function<void(GrpcResponse)>;  // once, any thread
using GrpcHandler = std::function<void(GrpcRequest, GrpcResponder)>;

// google.rpc/HTTP equivalents of our error kinds.
int http_status_of(ErrorKind kind);
GrpcCode grpc_code_of(ErrorKind kind);

}  // namespace clew::net
