// The operations of Honeycomb's API: one visible list.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "control/permissions.h"
#include "protocols/honeycomb/call.h"

namespace clew::honeycomb {

struct Operation {
  std::string_view method;
  std::string_view path;  // {names} are segments
  std::optional<control::Permission> permission;
  void (*run)(Call call, Reply reply);
};

std::span<const Operation> all_operations();

// auth_operations.cpp
Answer describe_key(const Call& call);
Answer describe_management_key(const Call& call);
// event_operations.cpp
void post_event(Call call, Reply reply);
void post_batch(Call call, Reply reply);
// kinesis_events.cpp
void post_kinesis_events(Call call, Reply reply);

}  // namespace clew::honeycomb
