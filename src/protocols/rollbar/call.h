// What a call of a Rollbar client holds: its body in the forms that there are, and the token.
#pragma once

#include <string>
#include <string_view>

#include "base/json_value.h"
#include "base/result.h"
#include "control/access.h"
#include "net/http.h"

namespace clew::rollbar {

// The body as JSON: as it is, or a form whose field `payload` is JSON, or a form of plain fields.
Result<JsonValue> body_of(const net::Request& request);
// The member's text; empty when there is none.
std::string text_at(const JsonValue& json, std::string_view name);
// By the token, which is a key of clew: in a header, in the address or in the body (may be null).
Result<EnvironmentId> admit(const control::Access& access, const net::Request& request,
                            const JsonValue* body);

}  // namespace clew::rollbar
