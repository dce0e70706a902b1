// Log events as an OTLP export request. A message that is a JSON object is a wide event too: its members
// become attributes, and say severity, trace and span where they have one of the usual names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace clew::cloudwatch_logs {

struct PutEvent {
  int64_t milliseconds = 0;
  std::string_view message;
};

struct EventSource {
  std::string_view group;
  std::string_view stream;
  std::string_view region;
  std::string_view service;      // of the entity that the caller named; empty: the group stands in for it
  std::string_view environment;  // likewise; empty: not said
};

// Of a JSON message, as AWS bounds it.
constexpr size_t kMostMembers = 200;
constexpr size_t kDeepestMember = 16;

std::string events_to_otlp(const EventSource& source, const std::vector<PutEvent>& events,
                           int64_t first_number, UnixNanos ingested);

}  // namespace clew::cloudwatch_logs
