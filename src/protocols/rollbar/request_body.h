// What a request of a Rollbar client carries: a body in one of several forms, and the token.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"
#include "control/access.h"
#include "net/http.h"
#include "net/multipart_form.h"

namespace clew::rollbar {

// What a client sent: JSON, a form whose field `payload` is JSON, plain fields, or parts with files.
struct Body {
  JsonValue json;  // an object, or null when there is no body; fields of forms are its members
  std::vector<net::FormPart> parts;  // of a form with files; within the request's body

  // The member when it is a text, else empty.
  std::string text(std::string_view name) const;
};
Result<Body> read_body(const net::Request& request);

// Head, query, body: the first that has one.
std::optional<std::string> token_of(const net::Request& request, const Body& body);
// unauthenticated, in words that say what a token is here.
Result<control::Grant> admit(const control::Access& access, const net::Request& request, const Body& body);

}  // namespace clew::rollbar
