// Events, one or a batch at a time.
#include <fmt/format.h>

#include "protocols/honeycomb/event_intake.h"
#include "protocols/honeycomb/operations.h"

namespace clew::honeycomb {
namespace {

constexpr size_t kMostEventBody = 1'000'000;
constexpr size_t kMostBatchBody = 5'000'000;

// Nothing is wrong, or the answer.
std::optional<Answer> too_large(const Call& call, size_t most) {
  if (call.request.body_bytes_on_wire <= most) return std::nullopt;
  return error_answer(400, kBodyTooLarge);
}

Answer failure_answer(const Status& failure) {
  if (failure.kind() == ErrorKind::not_found) return error_answer(404, failure.message());
  return error_answer(net::http_status_of(failure.kind()), failure.message());
}

Result<Dataset> dataset_of(const Call& call) {
  return call.context.datasets.arrive(call.environment(), call.segment("dataset"),
                                      call.grant.permissions.has(control::Permission::create_datasets));
}

}  // namespace

void post_event(Call call, Reply reply) {
  if (auto refused = too_large(call, kMostEventBody)) return reply(std::move(*refused));
  const Result<Dataset> dataset = dataset_of(call);
  if (!dataset.ok()) return reply(failure_answer(dataset.status()));
  Result<JsonValue> fields =
      read_event_fields(call.request.body.view(), event_encoding(call.request.header("content-type")));
  if (!fields.ok()) return reply(error_answer(400, fields.status().message()));
  const auto time_text = call.request.header("x-honeycomb-event-time");
  const auto rate_text = call.request.header("x-honeycomb-samplerate");
  const UnixNanos time = time_text ? read_event_time(*time_text).value_or(call.now) : call.now;
  const int64_t rate = rate_text ? read_sample_rate(*rate_text) : 1;
  std::vector<EventOrFault> events;
  events.push_back(accept_event(std::move(*fields), time, rate));
  take_events(call, *dataset, std::move(events), [reply](const Status& failure, std::vector<Taken> taken) {
    if (!failure.ok()) return reply(failure_answer(failure));
    if (taken.front().status != 202) return reply(error_answer(taken.front().status, taken.front().error));
    reply(empty_answer(200));
  });
}

void post_batch(Call call, Reply reply) {
  if (auto refused = too_large(call, kMostBatchBody)) return reply(std::move(*refused));
  const Result<Dataset> dataset = dataset_of(call);
  if (!dataset.ok()) return reply(failure_answer(dataset.status()));
  Result<std::vector<EventOrFault>> events =
      read_batch(call.request.body.view(), event_encoding(call.request.header("content-type")), call.now);
  if (!events.ok()) return reply(error_answer(400, events.status().message()));
  take_events(call, *dataset, std::move(*events),
              [reply](const Status& failure, const std::vector<Taken>& taken) {
                if (!failure.ok()) return reply(failure_answer(failure));
                JsonValue::Array statuses;
                statuses.reserve(taken.size());
                for (const Taken& one : taken) {
                  JsonValue status;
                  status["status"] = JsonValue(int64_t{one.status});
                  if (!one.error.empty()) status["error"] = JsonValue(one.error);
                  statuses.push_back(std::move(status));
                }
                reply(json_answer(200, JsonValue(std::move(statuses))));
              });
}

}  // namespace clew::honeycomb
