// EventIntake: hands the events of one request to the store and tells, of each, what became of it.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "protocols/honeycomb/call.h"
#include "protocols/honeycomb/datasets.h"
#include "protocols/honeycomb/event.h"

namespace clew::honeycomb {

// One for each event, in its place: 202, or why it was not taken.
struct Taken {
  int status = 202;
  std::string error;
};
// A failure concerns all of them, and the sender may try again. Once, any thread.
using Done = std::function<void(Status, std::vector<Taken>)>;

void take_events(const Call& call, const Dataset& dataset, std::vector<EventOrFault> events, Done done);

}  // namespace clew::honeycomb
