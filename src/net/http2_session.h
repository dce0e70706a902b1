// The server's side of HTTP/2 on one connection (nghttp2): plain requests go to the HTTP handler, those of
// content-type application/grpc to the gRPC handler.
#pragma once

#include <memory>

#include "net/connection.h"

namespace clew::net {

// Null when there is no memory for it.
std::shared_ptr<Session> make_http2_session(Connection& connection);

}  // namespace clew::net
