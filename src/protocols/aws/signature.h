// AWS Signature Version 4: makes and checks the Authorization header of requests.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "net/http.h"
#include "protocols/aws/errors.h"

namespace clew::aws {

struct Credentials {
  std::string access_key;  // "AKIA…"
  std::string secret_key;
  std::string session_token;  // empty: none
};

// The parts of a request that a signature covers.
struct SignedParts {
  std::string_view method;
  std::string_view path;   // decoded
  std::string_view query;  // as it is sent
  const net::Headers& headers;
  std::string_view body;
};

// What "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…" says.
struct Authorization {
  std::string access_key;
  std::string date;  // "20260301"
  std::string region;
  std::string service;
  std::vector<std::string> signed_headers;
  std::string signature;  // hexadecimal
};
std::variant<Authorization, Error> parse_authorization(std::string_view header);

// The headers to add to a request: x-amz-date, authorization and, with a session token, that. All headers in
// `parts` are signed; "host" must be among them.
net::Headers signature_headers(const SignedParts& parts, const Credentials& credentials,
                               std::string_view region, std::string_view service, UnixNanos at);

// Whether the request was signed with this secret, at about this time. Nothing: it was.
std::optional<Error> check_signature(const SignedParts& parts, const Authorization& authorization,
                                     std::string_view secret_key, UnixNanos now);

// "20260301T120000Z"
std::string amz_date(UnixNanos at);

}  // namespace clew::aws
