#include "protocols/cloudwatch_logs/call.h"

#include "protocols/cloudwatch_logs/errors.h"

namespace clew::cloudwatch_logs {

void submit_to_workers(Call call, Reply reply, Answer (*answer)(const Call&)) {
  QueryWorkers& workers = call.context.workers;
  answer_on(workers, std::move(call), std::move(reply), answer, Answer(throttled("Rate exceeded")));
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
