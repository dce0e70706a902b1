// TraceRow: one row of a trace while the trace is put together, and how the rows belong to each other.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "telemetry/ids.h"

namespace clew::query {

struct TraceRow {
  enum class Kind : uint8_t { span, event, link, log, superseded };

  Kind kind = Kind::span;
  SpanId id;
  std::optional<SpanId> parent_id;
  int64_t time = 0;
  int64_t duration = 0;
  std::string_view name, service, span_kind;
  uint8_t status_code = 0;
  uint8_t error = 0;
  bool in_progress = false;
  uint32_t origin = 0;
  std::optional<uint32_t> parent;  // row of the parent span
  uint32_t depth = 0;
};

// Of a span that was sent before it ended and again when it had, only the latter counts. Before they are
// related.
void leave_out_superseded(std::vector<TraceRow>& rows);
// Gives each row its parent and its depth.
void relate_rows(std::vector<TraceRow>& rows);

}  // namespace clew::query
