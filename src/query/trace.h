// Trace: everything stored about one trace, put together.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "query/run.h"
#include "store/storage.h"
#include "telemetry/ids.h"

namespace clew::query {

// As stored; views are owned by the Trace.
using AttributeValue = std::variant<bool, int64_t, double, std::string_view>;

struct Attribute {
  store::Scope scope = store::Scope::attribute;
  store::ColumnType type = store::ColumnType::string;  // tells times, durations, JSON and bytes apart
  std::string_view name;
  AttributeValue value;
};

// Lists of attributes, one a row, side by side in one array.
struct AttributeLists {
  std::vector<Attribute> all;
  std::vector<uint32_t> ends;  // end of list i in `all`
  std::span<const Attribute> of(size_t row) const {
    size_t begin = row == 0 ? 0 : ends[row - 1];
    return std::span(all).subspan(begin, ends[row] - begin);
  }
  size_t size() const { return ends.size(); }
};

// In the order of start; spans with the same start parents first, then by id.
struct TraceSpans {
  std::vector<SpanId> ids;
  std::vector<std::optional<SpanId>> parent_ids;
  // Position of the parent in these arrays; nothing for roots and for spans whose parent is not stored.
  std::vector<std::optional<uint32_t>> parents;
  std::vector<uint32_t> depths;  // 0 for those without a parent here
  std::vector<UnixNanos> starts;
  std::vector<Nanoseconds> durations;
  std::vector<std::string_view> names;
  std::vector<std::string_view> services;  // service.name; empty when there is none
  std::vector<std::string_view> kinds;
  std::vector<uint8_t> status_codes;  // 0 unset, 1 ok, 2 error
  std::vector<uint8_t> errors;        // 1 where the span is marked as failed
  std::vector<uint32_t> origins;      // position in Trace::origins
  // What is not in the arrays above: attributes, and the intrinsic fields that are set.
  AttributeLists attributes;
  size_t size() const { return ids.size(); }
};

// Span events, span links and log records, in the order of time.
struct TraceRows {
  std::vector<std::optional<SpanId>> span_ids;  // the span each belongs to, as stored
  std::vector<std::optional<uint32_t>> spans;   // its position in Trace::spans, when it is there
  std::vector<UnixNanos> times;
  std::vector<std::string_view> names;  // events: name; logs: body, when it is text
  std::vector<uint32_t> origins;
  AttributeLists attributes;
  size_t size() const { return times.size(); }
};

struct Trace {
  TraceId id;
  TraceSpans spans;
  TraceRows events;
  TraceRows links;
  TraceRows logs;
  // The distinct (resource, instrumentation scope) pairs: their attributes and intrinsic fields.
  AttributeLists origins;
  UnixNanos start;
  UnixNanos end;
  Cost cost;
  std::vector<std::shared_ptr<const void>> owners;  // of what the views point to
};

struct TraceSource {
  store::Snapshot traces;
  store::Snapshot logs;  // may be empty
  // Where to look, when the caller knows it: makes the search cheaper where no index helps.
  TimeRange range;
  // The outline has what the arrays of TraceSpans and TraceRows hold, and no attributes: of a million spans
  // it is there in the time in which ten thousand are with all they carry.
  enum class Fields : uint8_t { all, outline } fields = Fields::all;
  // Only this span, with its events, links and logs; then not_found means the span.
  std::optional<SpanId> only;
};

// not_found when no row carries this id.
Result<Trace> fetch_trace(const TraceId& id, const TraceSource& source, const RunOptions& options = {});

}  // namespace clew::query
