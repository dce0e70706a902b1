// The operations of the X-Ray API: one visible list, each with the path it has with AWS.
#pragma once

#include <span>
#include <string_view>

#include "protocols/xray/call.h"

namespace clew::xray {

struct Operation {
  std::string_view name;
  std::string_view path;  // all are POST
  void (*run)(Call call, Reply reply);
  bool asked_by_sdks = false;  // unsigned, at the daemon's port
};

std::span<const Operation> all_operations();

// put_trace_segments.cpp
void put_trace_segments(Call call, Reply reply);
// put_telemetry_records.cpp
Answer put_telemetry_records(const Call& call);
// sampling_operations.cpp
Answer get_sampling_rules(const Call& call);
Answer create_sampling_rule(const Call& call);
Answer update_sampling_rule(const Call& call);
Answer delete_sampling_rule(const Call& call);
Answer get_sampling_targets(const Call& call);
Answer get_sampling_statistic_summaries(const Call& call);

}  // namespace clew::xray
