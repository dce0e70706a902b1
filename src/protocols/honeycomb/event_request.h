// EventRequest: the requests that bring events, and the answers to them.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "protocols/honeycomb/answers.h"
#include "protocols/honeycomb/event_intake.h"

namespace clew::honeycomb {

// One event, or a batch of them.
struct EventRequest {
  std::string_view path;  // {dataset} is a segment
  size_t most_body_bytes;
  // A failure concerns the whole request.
  Result<std::vector<EventOrFault>> (*read)(const net::Request& request, UnixNanos arrived);
  Answer (*answer)(const std::vector<Taken>& taken);

  // Nothing is wrong, or the answer.
  std::optional<Answer> too_large(const net::Request& request) const;
};

const EventRequest& one_event();
const EventRequest& event_batch();

Answer failure_answer(const Status& failure);

}  // namespace clew::honeycomb
