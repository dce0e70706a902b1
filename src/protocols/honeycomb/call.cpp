#include "protocols/honeycomb/call.h"

#include <fmt/format.h>

namespace clew::honeycomb {
namespace {

constexpr size_t kMostBodyBytes = 100'000;

}  // namespace

void submit_to_workers(Call call, Reply reply, Answer (*answer)(const Call&)) {
  QueryWorkers& workers = call.context.workers;
  const UnixNanos try_again = call.now + seconds(2);
  answer_on(workers, std::move(call), std::move(reply), answer,
            too_busy("Too many requests are being answered. Please try again in a second.", kMostWaiting,
                     try_again));
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
