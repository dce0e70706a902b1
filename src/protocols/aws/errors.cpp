#include "protocols/aws/errors.h"

#include <array>

#include <fmt/format.h>
#include <openssl/rand.h>

#include "base/json_writer.h"
#include "base/log.h"

namespace clew::aws {
namespace {

// A random UUID: people quote it in bug reports.
std::string new_request_id() {
  std::array<uint8_t, 16> random;
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    bug("no random numbers from the system");
  random[6] = static_cast<uint8_t>((random[6] & 0x0f) | 0x40);
  random[8] = static_cast<uint8_t>((random[8] & 0x3f) | 0x80);
  std::string text;
  for (size_t i = 0; i < random.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", random[i]);
  }
  return text;
}

net::Response with_request_id(net::Response response, std::string_view content_type) {
  std::erase_if(response.headers, [](const auto& header) { return header.first == "content-type"; });
  response.headers.emplace_back("content-type", content_type);
  response.headers.emplace_back("x-amzn-requestid", new_request_id());
  return response;
}

}  // namespace

Error missing_authentication_token() {
  return {.type = "MissingAuthenticationTokenException",
          .message = "Missing Authentication Token",
          .status = 403,
          .resource = {}};
}

Error unrecognized_client() {
  return {.type = "UnrecognizedClientException",
          .message = "The security token included in the request is invalid.",
          .status = 403,
          .resource = {}};
}

Error invalid_signature(std::string message) {
  return {.type = "InvalidSignatureException", .message = std::move(message), .status = 403, .resource = {}};
}

Error incomplete_signature(std::string message) {
  return {
      .type = "IncompleteSignatureException", .message = std::move(message), .status = 403, .resource = {}};
}

Error serialization_failed(std::string message) {
  return {.type = "SerializationException", .message = std::move(message), .status = 400, .resource = {}};
}

Error unknown_operation(std::string message) {
  return {.type = "UnknownOperationException", .message = std::move(message), .status = 404, .resource = {}};
}

Error throttled(std::string message) {
  return {.type = "ThrottledException", .message = std::move(message), .status = 429, .resource = {}};
}

Error service_unavailable(std::string message) {
  return {
      .type = "ServiceUnavailableException", .message = std::move(message), .status = 503, .resource = {}};
}

Error internal_failure(std::string message) {
  return {.type = "InternalFailure", .message = std::move(message), .status = 500, .resource = {}};
}

net::Response error_response(const Error& error, std::string_view content_type) {
  JsonWriter json;
  json.begin_object();
  json.key("__type").string(error.type);
  json.key("Message").string(error.message);
  json.key("message").string(error.message);
  if (!error.resource.empty()) json.key("ResourceName").string(error.resource);
  json.end_object();
  net::Response response = with_request_id(net::json_response(error.status, json.take()), content_type);
  response.headers.emplace_back("x-amzn-errortype", error.type);
  return response;
}

net::Response success_response(std::string body, std::string_view content_type) {
  return with_request_id(net::json_response(200, std::move(body)), content_type);
}

}  // namespace clew::aws
