// PutTelemetryRecords: what daemons tell of themselves. Counted, so that an operator sees what they lost.
#include <algorithm>

#include "base/counters.h"
#include "protocols/xray/operations.h"

namespace clew::xray {
namespace {

uint64_t count_at(const JsonValue& record, std::string_view name) {
  const JsonValue* value = record.find(name);
  return value != nullptr && value->integer() != nullptr
             ? static_cast<uint64_t>(std::max<int64_t>(0, *value->integer()))
             : 0;
}

}  // namespace

Answer put_telemetry_records(const Call& call) {
  const JsonValue* records = call.input.find("TelemetryRecords");
  if (records == nullptr || records->array() == nullptr)
    return invalid_request(
        "1 validation error detected: Value at 'telemetryRecords' failed to satisfy constraint: "
        "Member must not be null");
  for (const JsonValue& record : *records->array()) {
    count(Counter::xray_daemon_segments, count_at(record, "SegmentsReceivedCount"));
    count(Counter::xray_daemon_segments_lost,
          count_at(record, "SegmentsSpilloverCount") + count_at(record, "SegmentsRejectedCount"));
  }
  return std::string("{}");
}

}  // namespace clew::xray
