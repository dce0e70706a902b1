#include "protocols/honeycomb/call.h"

#include <memory>

#include <fmt/format.h>

namespace clew::honeycomb {
namespace {

constexpr size_t kMostBodyBytes = 100'000;

}  // namespace

query::RunOptions Call::run_options() const {
  return {.pool = options().pool,
          .time_limit = options().time_limit,
          .memory_limit_bytes = options().memory_limit_bytes,
          .scanned_bytes_limit = options().scanned_bytes_limit,
          .cancel = &context.workers.stopping(),
          .progress = {}};
}

void submit_to_workers(Call call, Reply reply, Answer (*answer)(const Call&)) {
  QueryWorkers& workers = call.context.workers;
  // Tasks are copied; a request is not.
  auto shared = std::make_shared<Call>(std::move(call));
  if (!workers.submit([shared, reply, answer] { reply(answer(*shared)); }))
    reply(problem(429, "rate-limited", "You have exceeded your rate limit.",
                  "too many requests are being answered; try again"));
}

std::variant<JsonValue, Answer> body_of(const Call& call) {
  const std::string_view body = call.request.body.view();
  if (body.size() > kMostBodyBytes)
    return problem(413, "payload-too-large", "Request body is too large.",
                   fmt::format("Body size is larger than maximum size of {} bytes", kMostBodyBytes));
  Result<JsonValue> value = parse_json(body);
  if (!value.ok() || value->object() == nullptr) return unparseable("could not parse request body");
  return std::move(*value);
}

}  // namespace clew::honeycomb
