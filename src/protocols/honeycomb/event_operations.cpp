// Events, one or a batch at a time.
#include "protocols/honeycomb/event_operations.h"

#include "protocols/honeycomb/event_request.h"
#include "protocols/honeycomb/operations.h"

namespace clew::honeycomb {
namespace {

void post(const EventRequest& form, const Call& call, const Reply& reply) {
  if (auto refused = form.too_large(call.request)) return reply(std::move(*refused));
  const Result<Dataset> dataset = arriving_dataset(call);
  if (!dataset.ok()) return reply(failure_answer(dataset.status()));
  Result<std::vector<EventOrFault>> events = form.read(call.request, call.now);
  if (!events.ok()) return reply(error_answer(400, events.status().message()));
  take_events(event_source(call, *dataset), std::move(*events),
              [reply, &form](const Status& failure, const std::vector<Taken>& taken) {
                reply(failure.ok() ? form.answer(taken) : failure_answer(failure));
              });
}

}  // namespace

Result<Dataset> arriving_dataset(const Call& call) {
  return call.context.datasets.arrive(call.environment(), call.segment("dataset"),
                                      call.grant.permissions.has(control::Permission::create_datasets));
}

EventSource event_source(const Call& call, const Dataset& dataset) {
  return {.consumer = *call.options().consumer,
          .arrivals = *call.options().arrivals,
          .environment = call.environment(),
          .sender = call.sender,
          .bytes = call.request.body.size(),
          .dataset_slug = dataset.slug,
          .expand_json_depth = static_cast<size_t>(dataset.expand_json_depth)};
}

void post_event(Call call, Reply reply) {
  post(one_event(), call, reply);
}

void post_batch(Call call, Reply reply) {
  post(event_batch(), call, reply);
}

}  // namespace clew::honeycomb
