// How this door answers: {"err": 0, "result": …} and {"err": 1, "message": …}, with what browsers and clients
// look for in the head.
#pragma once

#include <string_view>

#include "base/json_value.h"
#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "protocols/router.h"

namespace clew::rollbar {

net::Response result(JsonValue value);
net::Response failure(int status, std::string_view message);
// Under the status that Rollbar gives its kind: 403 for tokens, 422 for what is JSON but of no use.
net::Response refused(const Status& status);
net::Response preflight(const net::Request& request);
// With what browsers and clients look for in the head.
void send(const net::Responder& responder, net::Response response);

// What pages and clients ask before they send anything.
void add_common_routes(Router& router);

}  // namespace clew::rollbar
