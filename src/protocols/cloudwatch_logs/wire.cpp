#include "protocols/cloudwatch_logs/wire.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr std::string_view kContentType = "application/x-amz-json-1.1";

}  // namespace

std::string operation_name(const net::Request& request) {
  return std::string(request.header(kTargetHeader).value_or(kTarget).substr(kTarget.size()));
}

std::variant<JsonValue, aws::Error> input_of(const net::Request& request) {
  if (request.body.empty()) return JsonValue(JsonValue::Object());
  Result<JsonValue> input = parse_json(request.body.view());
  if (!input.ok()) return aws::serialization_failed(std::string(input.status().message()));
  if (input->object() == nullptr) return aws::serialization_failed("the body must be a JSON object");
  return std::move(*input);
}

net::Response success(std::string output) {
  return aws::success_response(std::move(output), kContentType);
}

net::Response failure(const aws::Error& error) {
  aws::Error told = error;
  told.status = status_of(error);
  return aws::error_response(told, kContentType);
}

int status_of(const aws::Error& error) {
  return error.status < 500 ? 400 : error.status;
}

}  // namespace clew::cloudwatch_logs
