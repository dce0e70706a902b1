// The server's side of HTTP/1.0 and HTTP/1.1 on one connection: requests are parsed as they come, handlers
// may answer in any order and from any thread, answers leave in the order of the requests.
#pragma once

#include <memory>

#include "net/connection.h"

namespace clew::net {

std::shared_ptr<Session> make_http1_session(Connection& connection);

}  // namespace clew::net
