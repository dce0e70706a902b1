// GetTraceSummaries: the traces of a time range that satisfy a filter expression, the newest first.
#include <algorithm>
#include <charconv>
#include <tuple>

#include <fmt/format.h>

#include "protocols/xray/filter_match.h"
#include "protocols/xray/group.h"
#include "protocols/xray/input.h"
#include "protocols/xray/operations.h"
#include "protocols/xray/segment_document.h"
#include "protocols/xray/trace_reading.h"
#include "protocols/xray/trace_summary.h"

namespace clew::xray {
namespace {

constexpr size_t kSummariesPerPage = 100;
// Traces that are looked at for one page when few of them match; the page may then be empty and have a next
// one.
constexpr size_t kTracesPerPage = 1000;

// "start of the last trace:its id"
struct Place {
  UnixNanos start;
  TraceId id;
};
std::optional<Place> place_of(std::string_view text) {
  Place place;
  const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), place.start.count);
  if (problem != std::errc() || rest == text.data() + text.size() || *rest != ':') return std::nullopt;
  const std::optional<TraceId> id = parse_trace_id(text.substr(static_cast<size_t>(rest + 1 - text.data())));
  if (!id) return std::nullopt;
  place.id = *id;
  return place;
}

bool comes_before(const CandidateTrace& a, const CandidateTrace& b) {
  return std::tie(b.start, a.id) < std::tie(a.start, b.id);
}

}  // namespace

Answer get_trace_summaries(const Call& call) {
  Input input(call.input);
  const TimeRange range = input.range();
  const std::string type = input.text("TimeRangeType").value_or("TraceId");
  if (type != "TraceId" && type != "Event" && type != "Service")
    input.refuse(fmt::format("TimeRangeType must be TraceId, Event or Service, got {}", type.substr(0, 60)));
  const std::optional<std::string> text = input.text("FilterExpression", {1, kLongestFilterExpression});
  // Permission to leave traces out, of which no use is made.
  (void)input.flag("Sampling");
  (void)input.object("SamplingStrategy");
  const std::string after = next_place(input, "summaries");
  std::optional<Place> place;
  if (!after.empty()) {
    place = place_of(after);
    if (!place) input.refuse(std::string("Invalid NextToken"));
  }
  if (!input.ok()) return input.error();
  std::optional<FilterExpression> expression;
  if (text) {
    Result<FilterExpression> read = Groups(*call.options().records).read_filter(call.environment, *text);
    if (!read.ok()) return error_of(read.status());
    expression = std::move(*read);
  }

  const Nanoseconds began = monotonic_now();
  const store::Snapshot snapshot = call.snapshot(Signal::traces);
  Result<CandidateTraces> candidates = find_candidates(call, snapshot, range, expression);
  if (!candidates.ok()) return error_of(candidates.status());
  std::vector<CandidateTrace>& traces = candidates->traces;
  const size_t all = traces.size();
  if (type == "TraceId") {
    std::erase_if(traces, [&](const CandidateTrace& trace) { return !range.contains(trace.start); });
  }
  std::sort(traces.begin(), traces.end(), comes_before);
  size_t next = 0;
  if (place) {
    const CandidateTrace last{.id = place->id, .start = place->start, .end = {}, .newest = {}};
    next = static_cast<size_t>(std::upper_bound(traces.begin(), traces.end(), last, comes_before) -
                               traces.begin());
  }

  JsonWriter json;
  json.begin_object().key("TraceSummaries").begin_array();
  const size_t first = next;
  size_t written = 0;
  for (; next < traces.size() && written < kSummariesPerPage && next - first < kTracesPerPage; ++next) {
    const CandidateTrace& candidate = traces[next];
    if (call.context.workers.stopping()) return error_of(Status(ErrorKind::unavailable, "stopping"));
    // What is left is another page's.
    if (next > first && monotonic_now().count - began.count > call.options().limits.time.count / 2) break;
    Result<std::optional<ReadTrace>> trace = read_trace(call, snapshot, candidate.id);
    if (!trace.ok()) return error_of(trace.status());
    if (!*trace || (!candidate.is_certain && !matches(*expression, (*trace)->model))) continue;
    write_summary(json,
                  {.id = candidate.id, .revision = (*trace)->trace.spans.size(), .matched = candidate.newest},
                  (*trace)->model);
    ++written;
  }
  json.end_array();
  json.key("ApproximateTime").number(seconds_of(call.now));
  // Those that the engine passed over are counted with the first page.
  const uint64_t passed_over = place ? 0 : candidates->traces_looked_at - all;
  json.key("TracesProcessedCount").integer(passed_over + (next - first));
  if (next < traces.size()) {
    const CandidateTrace& last = traces[next - 1];
    json.key("NextToken")
        .string(page_token("summaries", fmt::format("{}:{}", last.start.count, last.id.to_hex())));
  }
  json.end_object();
  return json.take();
}

}  // namespace clew::xray
