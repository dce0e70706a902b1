#include "protocols/clew/trace_cache.h"

#include "protocols/clew/signal_counts.h"

namespace clew::api {
namespace {

// A trace holds its files and its decoded columns alive, so only a few are kept.
constexpr size_t kMostEntries = 4;
constexpr size_t kMostSpans = 200'000;

// Segments are immutable and their ids unique, so the ids tell the contents; the row counts cover a segment
// that grows.
uint64_t contents_of(const store::Snapshot& snapshot, uint64_t seed) {
  uint64_t contents = seed;
  for (const auto& segment : snapshot.segments) {
    uint64_t rows = 0;
    for (const store::GranuleInfo& granule : segment->granules()) rows += granule.rows;
    contents = (contents ^ segment->id()) * 0x9E3779B97F4A7C15u;
    contents = (contents ^ rows) * 0xC2B2AE3D27D4EB4Fu;
    contents ^= contents >> 29;
  }
  return contents;
}

}  // namespace

std::shared_ptr<const query::Trace> TraceCache::find(const Key& key) {
  const std::lock_guard lock(mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    if (entry->key == key) {
      entries_.splice(entries_.begin(), entries_, entry);
      return entry->trace;
    }
  }
  return nullptr;
}

void TraceCache::keep(const Key& key, std::shared_ptr<const query::Trace> trace) {
  if (trace->spans.size() > kMostSpans) return;
  const std::lock_guard lock(mutex_);
  // An older reading of the same trace will not be asked for again.
  entries_.remove_if([&](const Entry& entry) {
    return entry.key.environment == key.environment && entry.key.trace == key.trace;
  });
  entries_.push_front({key, std::move(trace)});
  if (entries_.size() > kMostEntries) entries_.pop_back();
}

Result<std::shared_ptr<const query::Trace>> fetch_trace(const Call& call) {
  const std::string text = call.request.parameter("trace_id").value_or(std::string());
  const std::optional<TraceId> id = parse_trace_id(text);
  if (!id) {
    return Status(ErrorKind::bad_input,
                  "\"" + text +
                      "\" is not a trace id: 32 or 16 hex digits, with or without dashes, X-Ray's "
                      "1-5759e988-…, base64 of 16 bytes, or a traceparent header");
  }
  query::TraceSource source{call.snapshot(Signal::traces), call.snapshot(Signal::logs), {}};
  const TraceCache::Key key{call.environment, *id, contents_of(source.logs, contents_of(source.traces, 1))};
  if (std::shared_ptr<const query::Trace> known = call.context.traces.find(key)) return known;

  Watch watch(call);
  Result<query::Trace> trace = query::fetch_trace(*id, source, watch.run_options());
  if (!trace.ok()) return std::move(trace).status();
  if (trace->spans.size() == 0) {
    return Status(ErrorKind::not_found, "No span of the trace " + id->to_hex() + " has arrived");
  }
  auto shared = std::make_shared<const query::Trace>(std::move(trace).value());
  call.context.traces.keep(key, shared);
  return std::shared_ptr<const query::Trace>(shared);
}

}  // namespace clew::api
