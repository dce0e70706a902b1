// EventIntake: hands the events of one request to the next stage and tells, of each, what became of it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/consumer.h"
#include "protocols/arrivals.h"
#include "protocols/honeycomb/event.h"

namespace clew::honeycomb {

// One for each event, in its place: 202, or why it was not taken.
struct Taken {
  int status = 202;
  std::string error;
};
// A failure concerns all of them, and the sender may try again. Once, any thread.
using Done = std::function<void(Status, std::vector<Taken>)>;

// Who sent a request, and where its events go.
struct EventSource {
  // Both must outlive the exchange.
  pipeline::Consumer& consumer;
  Arrivals& arrivals;

  EnvironmentId environment;
  Sender sender;
  uint64_t bytes = 0;  // of the request's body
  std::string dataset_slug;
  size_t expand_json_depth = 0;
  std::shared_ptr<const SenderContext> context{};
};

void take_events(EventSource source, std::vector<EventOrFault> events, Done done);

}  // namespace clew::honeycomb
