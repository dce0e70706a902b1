#include "protocols/cloudwatch_logs/errors.h"

namespace clew::cloudwatch_logs {
namespace {

aws::Error error(std::string_view type, std::string message, int status = 400) {
  return {.type = std::string(type), .message = std::move(message), .status = status, .resource = {}};
}

}  // namespace

aws::Error invalid_parameter(std::string message) {
  return error("InvalidParameterException", std::move(message));
}
aws::Error invalid_operation(std::string message) {
  return error("InvalidOperationException", std::move(message));
}
aws::Error validation_failed(std::string message) {
  return error("ValidationException", std::move(message));
}
aws::Error limit_exceeded(std::string message) {
  return error("LimitExceededException", std::move(message));
}
aws::Error not_found(std::string message) {
  return error("ResourceNotFoundException", std::move(message));
}
aws::Error exists_already(std::string message) {
  return error("ResourceAlreadyExistsException", std::move(message));
}
aws::Error throttled(std::string message) {
  return error("ThrottlingException", std::move(message));
}
aws::Error no_such_group() {
  return not_found("The specified log group does not exist.");
}
aws::Error no_such_stream() {
  return not_found("The specified log stream does not exist.");
}
aws::Error invalid_token() {
  return invalid_parameter("The specified nextToken is invalid.");
}

aws::Error error_of(const Status& failure) {
  std::string message(failure.message());
  switch (failure.kind()) {
    case ErrorKind::bad_input:
    case ErrorKind::too_large:
      return invalid_parameter(std::move(message));
    case ErrorKind::not_found:
      return not_found(std::move(message));
    case ErrorKind::conflict:
      return exists_already(std::move(message));
    case ErrorKind::unsupported:
      return invalid_operation(std::move(message));
    case ErrorKind::exhausted:
      return throttled(std::move(message));
    case ErrorKind::unavailable:
    case ErrorKind::cancelled:
      return error("ServiceUnavailableException", std::move(message), 503);
    default:
      return aws::internal_failure(std::move(message));
  }
}

}  // namespace clew::cloudwatch_logs
