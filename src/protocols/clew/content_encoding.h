// Which encoding a client takes, and large answers in it.
#pragma once

#include "net/http.h"

namespace clew::api {

bool takes_gzip(const net::Request& request);

// The answer gzipped, if it is large, the client takes it and is on another machine; on this one packing
// costs more time than it saves. Otherwise the answer as it is.
net::Response packed(net::Response response, const net::Request& request);

}  // namespace clew::api
