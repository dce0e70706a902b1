// What both generations of Jaeger's query API ask.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "protocols/trace_questions.h"

namespace clew::jaeger {

constexpr Nanoseconds kUsualTime = days(2);  // up to now: what is looked at where nobody says
constexpr size_t kUsualTraces = 100, kMostTraces = 1000;
// Traces beyond are left out of an answer.
constexpr size_t kMostAnswerBytes = size_t{64} << 20;

TimeRange lately(const TraceQuestion& question);

// Traces with a span for which all of it holds; what is empty or zero does not matter.
struct TraceQuery {
  std::string service, operation;
  std::vector<std::pair<std::string, std::string>> tags;
  TimeRange range;
  Nanoseconds shortest, longest;
  size_t limit = kUsualTraces;
};
// The newest first.
Result<std::vector<TraceId>> find_traces(const TraceQuestion& question, const TraceQuery& query);
// A JSON object as tags.
Status read_tags(std::string_view parameter, const std::string& text, TraceQuery& query);
// Of a parameter in Go's form; zero when it is empty.
Result<Nanoseconds> read_duration(std::string_view parameter, const std::string& text);
// Of 1 to 32 hex digits.
Result<TraceId> read_trace_id(std::string_view parameter, const std::string& text);

struct Operation {
  std::string name, kind;  // "server"; empty: it did not say
};
Result<std::vector<Operation>> operations_of(const TraceQuestion& question, const std::string& service,
                                             const std::string& kind);

}  // namespace clew::jaeger
