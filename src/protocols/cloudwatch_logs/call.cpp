#include "protocols/cloudwatch_logs/call.h"

#include <memory>

#include "protocols/cloudwatch_logs/errors.h"

namespace clew::cloudwatch_logs {

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
  if (!workers.submit([shared, reply, answer] { reply(answer(*shared)); })) reply(throttled("Rate exceeded"));
}

std::optional<UnixNanos> Input::milliseconds(std::string_view name) {
  constexpr int64_t kLatest = INT64_MAX / 1'000'000;
  const std::optional<int64_t> number = integer(name, 0, INT64_MAX);
  if (!number) return std::nullopt;
  return UnixNanos{std::min(*number, kLatest) * 1'000'000};
}

std::string Input::next_place(std::string_view list) {
  const std::optional<std::string> token = text("nextToken");
  if (!token) return {};
  std::optional<std::string> place = aws::place_in(list, *token);
  if (!place) refuse(invalid_token());
  return place.value_or("");
}

}  // namespace clew::cloudwatch_logs
