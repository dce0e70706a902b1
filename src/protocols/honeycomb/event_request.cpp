#include "protocols/honeycomb/event_request.h"

namespace clew::honeycomb {
namespace {

Result<std::vector<EventOrFault>> read_one(const net::Request& request, UnixNanos arrived) {
  CLEW_ASSIGN(JsonValue fields,
              read_event_fields(request.body.view(), event_encoding(request.header("content-type"))));
  const auto time_text = request.header("x-honeycomb-event-time");
  const auto rate_text = request.header("x-honeycomb-samplerate");
  const UnixNanos time = time_text ? read_event_time(*time_text).value_or(arrived) : arrived;
  const int64_t rate = rate_text ? read_sample_rate(*rate_text) : 1;
  std::vector<EventOrFault> events;
  events.push_back(accept_event(std::move(fields), time, rate));
  return events;
}

Answer answer_one(const std::vector<Taken>& taken) {
  const Taken& event = taken.front();
  return event.status == 202 ? empty_answer(200) : error_answer(event.status, event.error);
}

Result<std::vector<EventOrFault>> read_all(const net::Request& request, UnixNanos arrived) {
  return read_batch(request.body.view(), event_encoding(request.header("content-type")), arrived);
}

Answer answer_all(const std::vector<Taken>& taken) {
  JsonValue::Array statuses;
  statuses.reserve(taken.size());
  for (const Taken& one : taken) {
    JsonValue status;
    status["status"] = JsonValue(int64_t{one.status});
    if (!one.error.empty()) status["error"] = JsonValue(one.error);
    statuses.push_back(std::move(status));
  }
  return json_answer(200, JsonValue(std::move(statuses)));
}

}  // namespace

const EventRequest& one_event() {
  static constexpr EventRequest kOne{"/1/events/{dataset}", 1'000'000, read_one, answer_one};
  return kOne;
}

const EventRequest& event_batch() {
  static constexpr EventRequest kBatch{"/1/batch/{dataset}", 5'000'000, read_all, answer_all};
  return kBatch;
}

std::optional<Answer> EventRequest::too_large(const net::Request& request) const {
  if (request.body_bytes_on_wire <= most_body_bytes) return std::nullopt;
  return error_answer(400, kBodyTooLarge);
}

Answer failure_answer(const Status& failure) {
  if (failure.kind() == ErrorKind::not_found) return error_answer(404, failure.message());
  return error_answer(net::http_status_of(failure.kind()), failure.message());
}

}  // namespace clew::honeycomb
