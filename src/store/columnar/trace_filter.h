// TraceFilter: answers "no trace of this id here" for a granule, at twenty bits a trace, wrong (with
// "perhaps") less than once in a thousand, so that a trace is as quick to find among hundreds of granules as
// among ten. A Bloom filter in blocks of 512 bits, so that a look touches one cache line.
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
