#include "protocols/aws/admission.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/counters.h"
#include "protocols/aws/signature.h"

namespace clew::aws {
namespace {

std::variant<Admission, Error> refuse(Error error) {
  count(Counter::aws_signatures_refused);
  return error;
}

std::variant<Admission, Error> without_credential(const control::Access& access,
                                                  std::optional<std::string_view> key, std::string region,
                                                  Error refusal) {
  const Result<control::Grant> grant = access.grant(key);
  if (!grant.ok()) return refuse(std::move(refusal));
  using control::Permission;
  const bool only_looks = !grant->permissions.has(Permission::send_events) &&
                          !grant->permissions.has(Permission::manage_triggers);
  return Admission{.environment = grant->environment, .region = std::move(region), .only_looks = only_looks};
}

}  // namespace

bool changes_something(std::string_view operation) {
  constexpr std::array<std::string_view, 6> kVerbs = {"Put", "Create", "Update", "Delete", "Tag", "Untag"};
  return std::any_of(kVerbs.begin(), kVerbs.end(),
                     [&](std::string_view verb) { return operation.starts_with(verb); });
}

Error access_denied(std::string_view operation) {
  return {.type = "AccessDeniedException",
          .message = fmt::format("This key may look, but not {}", operation),
          .status = 403,
          .resource = {}};
}

std::variant<Admission, Error> admit(const net::Request& request, const control::Access& access,
                                     std::string_view service, UnixNanos now) {
  if (const auto key = request.header("x-honeycomb-team"))
    return without_credential(access, key, std::string(kUsualRegion), unrecognized_client());
  const auto header = request.header("authorization");
  if (!header)
    return without_credential(access, std::nullopt, std::string(kUsualRegion),
                              missing_authentication_token());
  auto parsed = parse_authorization(*header);
  if (auto* error = std::get_if<Error>(&parsed))
    return without_credential(access, std::nullopt, std::string(kUsualRegion), std::move(*error));
  const Authorization& authorization = std::get<Authorization>(parsed);
  const std::optional<control::AwsCredential> credential = access.aws_credential(authorization.access_key);
  if (!credential)
    return without_credential(access, std::nullopt, authorization.region, unrecognized_client());
  if (authorization.service != service)
    return refuse(
        invalid_signature(fmt::format("Credential should be scoped to correct service: '{}'. ", service)));
  const SignedParts parts{request.method, request.path, request.query, request.headers, request.body.view()};
  if (std::optional<Error> error = check_signature(parts, authorization, credential->secret, now))
    return refuse(std::move(*error));
  return Admission{.environment = credential->environment, .region = authorization.region};
}

}  // namespace clew::aws
