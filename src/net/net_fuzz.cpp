#include <fcntl.h>
#include <memory>
#include <string>

#include <sys/socket.h>

#include "base/fuzz.h"
#include "base/log.h"
#include "net/address.h"
#include "net/connection.h"
#include "net/grpc_framing.h"
#include "net/http1_parser.h"
#include "net/http1_response_parser.h"
#include "net/http_client.h"
#include "net/request_body.h"
#include "net/url_encoding.h"

namespace clew::net {
namespace {

void echo_http(Request request, Responder responder) {
  if (request.path.size() % 3 == 1) {
    responder.begin({.status = 200, .reason = {}, .headers = {{"x-path", request.path}}, .body = "streamed"});
    responder.write(request.body.view());
    return responder.end();
  }
  if (request.path.size() % 3 == 2) return;  // forgotten
  responder.send({.status = 200,
                  .reason = request.query,
                  .headers = {{"x-path", request.path}},
                  .body = std::string(request.body.view())});
}

void echo_grpc(GrpcRequest request, GrpcResponder respond) {
  respond({.code = GrpcCode::ok,
           .error = request.method,
           .message = std::string(request.message.view()),
           .status_details = {}});
}

// A client sends these bytes to a server's connection, and reads until the server closes.
void converse(std::string_view bytes) {
  static const std::shared_ptr<EventLoop> loop = EventLoop::create().value();
  static const std::shared_ptr<ServerContext> server = [] {
    auto made = std::make_shared<ServerContext>(4 << 20);
    made->http = echo_http;
    made->grpc = echo_grpc;
    made->limits.header_bytes = 4096;
    made->limits.body_bytes = 64 << 10;
    return made;
  }();
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) return;
  const FileDescriptor client(ends[1]);
  auto connection =
      std::make_shared<Connection>(loop, server, FileDescriptor(ends[0]), Peer{"fuzz", true, false, 1});
  if (!connection->start({})) return;
  bool finished = false;
  for (int turn = 0; turn < 10'000 && !connection->is_closed(); ++turn) {
    if (!bytes.empty()) {
      const ssize_t sent = send(client.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (!std::exchange(finished, true)) {
      shutdown(client.number(), SHUT_WR);
    }
    loop->run_turn({});
    char answer[65536];
    while (recv(client.number(), answer, sizeof answer, 0) > 0) {
    }
  }
  if (!connection->is_closed()) bug("the conversation does not end");
  connection.reset();
  loop->run_turn({});
  if (server->connections != 0) bug("a closed connection is still counted");
  if (server->bodies.used() != 0) bug("a closed connection still holds memory for bodies");
}

}  // namespace

CLEW_FUZZ(connection) {
  converse(bytes);
}

CLEW_FUZZ(http2_frames) {
  std::string conversation("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33);
  conversation.append(bytes);
  converse(conversation);
}

// Torn input must mean the same as whole input.
CLEW_FUZZ(http1_head) {
  HeadParser whole(4096), torn(4096);
  const Progress at_once = whole.feed(bytes);
  Progress in_pieces = Progress::more;
  for (size_t i = 0; i < bytes.size() && in_pieces == Progress::more; ++i)
    in_pieces = torn.feed(bytes.substr(i, 1));
  if (at_once == Progress::refused && in_pieces == Progress::more)
    bug("a torn head is accepted where a whole one is not");
  if (at_once == Progress::complete && in_pieces != Progress::complete)
    bug("a whole head is accepted where a torn one is not");
  if (at_once != Progress::complete) return;
  const RequestHead one = whole.take(), other = torn.take();
  if (one.headers != other.headers || one.target != other.target || one.method != other.method)
    bug("a torn head is understood differently");
}

CLEW_FUZZ(http1_chunks) {
  std::string whole_body, torn_body;
  ChunkedParser whole(4096, 512), torn(4096, 512);
  const Progress at_once = whole.feed(bytes, whole_body);
  Progress in_pieces = Progress::more;
  for (size_t i = 0; i < bytes.size() && in_pieces == Progress::more; ++i)
    in_pieces = torn.feed(bytes.substr(i, 1), torn_body);
  if (at_once != in_pieces || whole_body != torn_body) bug("torn chunks are understood differently");
}

CLEW_FUZZ(http1_response) {
  ResponseParser parser({.header_bytes = 4096, .body_bytes = 4096}, false);
  if (parser.feed(bytes) == Progress::more && parser.finish() == Progress::complete &&
      parser.body().size() > 4096)
    bug("over the limit");
}

CLEW_FUZZ(urls_and_queries) {
  (void)parse_target(bytes);
  (void)parse_url(bytes);
  (void)parse_host_and_port(bytes);
  (void)query_parameter(bytes, "from");
  if (percent_decode(percent_encode(bytes)) != bytes) bug("percent encoding does not come back");
}

CLEW_FUZZ(grpc_framing) {
  (void)decode_grpc_message(std::string(bytes), "gzip", 4096);
  (void)parse_grpc_timeout(bytes);
  (void)decode_grpc_text(bytes);
  (void)decode_base64(bytes);
  if (decode_grpc_text(encode_grpc_text(bytes)) != bytes) bug("a grpc-message does not come back");
  if (decode_base64(encode_base64(bytes)) != bytes) bug("base64 does not come back");
}

}  // namespace clew::net
