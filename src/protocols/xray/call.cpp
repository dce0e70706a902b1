#include "protocols/xray/call.h"

namespace clew::xray {

aws::Error invalid_request(std::string message) {
  return {.type = "InvalidRequestException", .message = std::move(message), .status = 400, .resource = {}};
}

aws::Error error_of(const Status& failure) {
  switch (failure.kind()) {
    case ErrorKind::bad_input:
    case ErrorKind::too_large:
    case ErrorKind::not_found:
    case ErrorKind::conflict:
    case ErrorKind::unsupported:
      return invalid_request(std::string(failure.message()));
    case ErrorKind::exhausted:
      return aws::throttled(std::string(failure.message()));
    case ErrorKind::unavailable:
    case ErrorKind::cancelled:
      return aws::service_unavailable(std::string(failure.message()));
    default:
      return aws::internal_failure(std::string(failure.message()));
  }
}

void submit_to_workers(Call call, Reply reply, Answer (*answer)(const Call&)) {
  QueryWorkers& workers = call.context.workers;
  answer_on(workers, std::move(call), std::move(reply), answer,
            Answer(aws::throttled("too many questions are being answered; try again")));
}

}  // namespace clew::xray
