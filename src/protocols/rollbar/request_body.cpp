#include "protocols/rollbar/request_body.h"

#include "net/url_encoding.h"
#include "protocols/rollbar/item_document.h"

namespace clew::rollbar {
namespace {

constexpr size_t kLongestField = 64 << 10;

}  // namespace

std::string Body::text(std::string_view name) const {
  const JsonValue* value = json.find(name);
  return value && value->string() ? *value->string() : std::string();
}

Result<Body> read_body(const net::Request& request) {
  Body body;
  const std::string_view bytes = request.body.view();
  if (bytes.empty()) return body;
  const std::string_view type = request.header("content-type").value_or(std::string_view());
  if (net::is_multipart_form(type)) {
    CLEW_ASSIGN(body.parts, net::parse_multipart_form(type, bytes));
    body.json = JsonValue(JsonValue::Object{});
    for (const net::FormPart& part : body.parts)
      if (part.filename.empty() && part.body.size() <= kLongestField) body.json[part.name] = part.body;
    return body;
  }
  // Some clients name the form's type by mistake.
  if (!type.starts_with("application/x-www-form-urlencoded") || bytes.starts_with('{')) {
    CLEW_ASSIGN(body.json, parse_json(bytes, kDeepestDocument));
  } else if (const auto payload = net::query_parameter(bytes, "payload")) {
    CLEW_ASSIGN(body.json, parse_json(*payload, kDeepestDocument));
  } else {
    body.json = JsonValue(JsonValue::Object{});
    for (const std::string_view name : {"access_token", "environment", "revision", "status", "comment",
                                        "local_username", "rollbar_username"})
      if (auto value = net::query_parameter(bytes, name)) body.json[name] = *std::move(value);
  }
  if (!body.json.object()) return Status(ErrorKind::bad_input, "expected a JSON object");
  return body;
}

std::optional<std::string> token_of(const net::Request& request, const Body& body) {
  if (const auto header = request.header("x-rollbar-access-token"); header && !header->empty())
    return std::string(*header);
  if (auto token = request.parameter("access_token"); token && !token->empty()) return token;
  if (std::string token = body.text("access_token"); !token.empty()) return token;
  return std::nullopt;
}

Result<control::Grant> admit(const control::Access& access, const net::Request& request, const Body& body) {
  const std::optional<std::string> token = token_of(request, body);
  Result<control::Grant> granted =
      access.grant(token ? std::optional<std::string_view>(*token) : std::nullopt);
  if (granted.ok()) return granted;
  return Status(ErrorKind::unauthenticated,
                token ? "access token not found: a token is a key of clew (clew keys create --key TOKEN)"
                      : "access token required: in the header X-Rollbar-Access-Token, or as access_token");
}

}  // namespace clew::rollbar
