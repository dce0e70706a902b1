#include "protocols/xray/call.h"

#include <memory>

namespace clew::xray {

query::RunOptions Call::run_options() const {
  return {.pool = options().pool,
          .time_limit = options().time_limit,
          .memory_limit_bytes = options().memory_limit_bytes,
          .scanned_bytes_limit = options().scanned_bytes_limit,
          .cancel = &context.workers.stopping(),
          .progress = {}};
}

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
  // Tasks are copied; a request is not.
  auto shared = std::make_shared<Call>(std::move(call));
  if (!workers.submit([shared, reply, answer] { reply(answer(*shared)); }))
    reply(aws::throttled("too many questions are being answered; try again"));
}

}  // namespace clew::xray
