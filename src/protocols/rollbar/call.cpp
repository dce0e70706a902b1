#include "protocols/rollbar/call.h"

#include "net/url_encoding.h"
#include "protocols/rollbar/item_document.h"

namespace clew::rollbar {

Result<JsonValue> body_of(const net::Request& request) {
  const std::string_view body = request.body.view();
  const std::string_view type = request.header("content-type").value_or(std::string_view());
  if (!type.starts_with("application/x-www-form-urlencoded")) return parse_json(body, kDeepestDocument);
  // Some clients name the form's type by mistake.
  if (body.starts_with('{')) return parse_json(body, kDeepestDocument);
  if (const auto payload = net::query_parameter(body, "payload"))
    return parse_json(*payload, kDeepestDocument);
  JsonValue fields{JsonValue::Object()};
  for (const std::string_view name :
       {"access_token", "environment", "revision", "status", "comment", "local_username", "rollbar_username"})
    if (auto value = net::query_parameter(body, name)) fields[name] = *std::move(value);
  return fields;
}

std::string text_at(const JsonValue& json, std::string_view name) {
  const JsonValue* value = json.find(name);
  return value && value->string() ? *value->string() : std::string();
}

Result<EnvironmentId> admit(const control::Access& access, const net::Request& request,
                            const JsonValue* body) {
  std::optional<std::string> token;
  if (const auto header = request.header("x-rollbar-access-token")) token = std::string(*header);
  if (!token || token->empty()) token = request.parameter("access_token");
  if ((!token || token->empty()) && body) token = text_at(*body, "access_token");
  if (token && token->empty()) token.reset();
  Result<EnvironmentId> admitted =
      access.admit(token ? std::optional<std::string_view>(*token) : std::nullopt);
  if (admitted.ok()) return admitted;
  return Status(ErrorKind::unauthenticated,
                token ? "access token not found: a token is a key of clew (clew keys create --key TOKEN)"
                      : "access token required: in the header X-Rollbar-Access-Token, or as access_token");
}

}  // namespace clew::rollbar
