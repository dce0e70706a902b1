#include "protocols/xray/operations.h"

#include <array>

namespace clew::xray {
namespace {

constexpr std::array kOperations = {
    Operation{"PutTraceSegments", "/TraceSegments", put_trace_segments},
    Operation{"PutTelemetryRecords", "/TelemetryRecords", at_once<put_telemetry_records>},
};

}  // namespace

std::span<const Operation> all_operations() {
  return kOperations;
}

}  // namespace clew::xray
