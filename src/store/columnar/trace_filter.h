// TraceFilter: answers "no trace of this id here" for a granule, at ten bits a trace, wrong (with "perhaps")
// about once in a hundred. A Bloom filter in blocks of 512 bits, so that a look touches one cache line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "telemetry/ids.h"

namespace clew::store {

std::string build_trace_filter(std::span<const std::string_view> trace_ids);
bool may_contain(std::string_view filter, const TraceId& trace);

}  // namespace clew::store
