#include "protocols/aws/caller_identity.h"

#include <fmt/format.h>

#include "net/url_encoding.h"
#include "protocols/aws/admission.h"

namespace clew::aws {
namespace {

constexpr std::string_view kAccount = "000000000000";

net::Response xml_response(int status, std::string body) {
  return {.status = status, .reason = {}, .headers = {{"content-type", "text/xml"}}, .body = std::move(body)};
}

net::Response refusal(const Error& error) {
  return xml_response(
      error.status,
      fmt::format(
          "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
          "<Code>{}</Code><Message>{}</Message></Error></ErrorResponse>",
          error.type, error.message));
}

net::Response answer(const net::Request& request, const control::Access& access) {
  const std::optional<std::string> action = net::query_parameter(request.body.view(), "Action");
  if (action != "GetCallerIdentity")
    return refusal({.type = "InvalidAction",
                    .message = "Of AWS STS there is GetCallerIdentity here, and nothing else",
                    .status = 400,
                    .resource = {}});
  const auto admitted = admit(request, access, "sts", now());
  if (const auto* error = std::get_if<Error>(&admitted)) return refusal(*error);
  return xml_response(
      200, fmt::format("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                       "<GetCallerIdentityResult><Arn>arn:aws:iam::{0}:root</Arn><UserId>{0}</UserId>"
                       "<Account>{0}</Account></GetCallerIdentityResult><ResponseMetadata>"
                       "<RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata>"
                       "</GetCallerIdentityResponse>",
                       kAccount));
}

}  // namespace

void add_caller_identity_route(Router& router, const control::Access& access) {
  router.add("POST", "/", HeaderBegins{"content-type", "application/x-www-form-urlencoded"},
             [&access](const net::Request& request, const net::Responder& responder) {
               responder.send(answer(request, access));
             });
}

}  // namespace clew::aws
