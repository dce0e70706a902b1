// The API key of a request, wherever the sender put it.
#pragma once

#include <optional>
#include <string>

#include "net/http.h"

namespace clew {

// From x-honeycomb-team, x-hny-team, `authorization: Bearer <key>` or `authorization: Basic <any:key>`, the
// first that holds something.
// Percent-encoded values, which some SDKs send as they stand in OTEL_EXPORTER_OTLP_HEADERS, are decoded.
std::optional<std::string> sender_key(const net::Headers& headers);

// "content-type, host, user-agent": the names of the headers, never their values, to help find a misspelt
// one.
std::string header_names(const net::Headers& headers);

}  // namespace clew
