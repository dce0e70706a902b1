// How this door answers: {"err": 0, "result": …} and {"err": 1, "message": …}, with what browsers and clients
// look for in the head.
#pragma once

#include <string_view>

#include "base/json_value.h"
#include "net/http.h"

namespace clew::rollbar {

net::Response result(JsonValue value);
net::Response failure(int status, std::string_view message);
// A page of another origin may read every answer, also one that says no; the limits are those of no limit.
void finish(net::Response& response, UnixNanos now);
net::Response preflight(const net::Request& request);

}  // namespace clew::rollbar
