// Log records folded into patterns: what differs only in numbers, ids and names is one line with a count.
#include <algorithm>
#include <map>

#include "protocols/clew/endpoints.h"
#include "protocols/clew/log_columns.h"
#include "protocols/clew/parameters.h"
#include "protocols/clew/question.h"
#include "protocols/clew/values.h"
#include "query/line_patterns.h"
#include "query/time_buckets.h"
#include "telemetry/semantic_names.h"

namespace clew::api {
namespace {

constexpr size_t kMostPatterns = 1'000;

// What is told of a pattern besides its text.
struct Seen {
  UnixNanos first{INT64_MAX};
  UnixNanos last{INT64_MIN};
  std::map<std::string, uint64_t> severities;
  std::map<std::string, uint64_t> services;
  std::map<int64_t, uint64_t> buckets;  // start → lines
  std::string example;                  // the newest

  void add(UnixNanos at, int64_t bucket, const query::Value& severity, const query::Value& service) {
    first = std::min(first, at);
    last = std::max(last, at);
    if (!query::is_null(severity)) ++severities[query::to_text(severity)];
    if (!query::is_null(service)) ++services[query::to_text(service)];
    ++buckets[bucket];
  }
  void join(const Seen& other) {
    if (other.last > last) example = other.example;
    first = std::min(first, other.first);
    last = std::max(last, other.last);
    for (const auto& [name, lines] : other.severities) severities[name] += lines;
    for (const auto& [name, lines] : other.services) services[name] += lines;
    for (const auto& [bucket, lines] : other.buckets) buckets[bucket] += lines;
  }
};

void write_counts(JsonWriter& json, std::string_view key, const std::map<std::string, uint64_t>& counts) {
  std::vector<std::pair<std::string, uint64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  json.key(key).begin_array();
  for (const auto& [value, lines] : sorted)
    json.begin_object().key("value").string(value).key("lines").integer(lines).end_object();
  json.end_array();
}

void write_pattern(JsonWriter& json, const query::LinePattern& pattern, const Seen& seen, uint64_t of) {
  json.begin_object().key("pattern").string(pattern.text);
  json.key("regular_expression").string(pattern.regular_expression);
  json.key("lines").integer(pattern.lines);
  json.key("share").number(static_cast<double>(pattern.lines) / static_cast<double>(of));
  json.time_members("first", seen.first).time_members("last", seen.last);
  json.key("example").string(seen.example);
  write_counts(json, "severities", seen.severities);
  write_counts(json, "services", seen.services);
  json.key("series").begin_array();
  for (const auto& [bucket, lines] : seen.buckets)
    json.begin_object().time_members("time", {bucket}).key("lines").integer(lines).end_object();
  json.end_array().end_object();
}

}  // namespace

net::Response answer_log_patterns(const Call& call) {
  Parameters parameters(call);
  query::Plan plan = log_plan(parameters);
  plan.limit = query::kMostRowsRead;
  const size_t most_patterns = parameters.limit(100, kMostPatterns);
  if (!parameters.ok()) return parameters.refusal();
  plan.rows = query::RowsWanted{.columns = {{std::string(names::kTime), store::Scope::intrinsic},
                                            {std::string(names::kBody), store::Scope::intrinsic},
                                            {std::string(names::kSeverity), store::Scope::intrinsic},
                                            {"service.name", {}}},
                                .order_by_time = query::Direction::descending};

  Watch watch(call);
  Result<query::ResultTable> table = query::run(plan, call.snapshot(Signal::logs), watch.run_options());
  if (!table.ok()) return refusal(table.status());

  query::LinePatterns lines;
  std::vector<Seen> by_shape;
  TimeRange covered = plan.range;  // for the width of the buckets; may be all time
  const auto time_of = [&](size_t row) {
    const auto* at = std::get_if<UnixNanos>(&table->columns[0].values[row]);
    return at == nullptr ? UnixNanos{} : *at;
  };
  if (covered == TimeRange() && table->row_count > 0)
    covered = {time_of(table->row_count - 1), time_of(0) + Nanoseconds{1}};
  const Nanoseconds width = readable_granularity(covered);
  for (size_t row = 0; row < table->row_count; ++row) {
    const query::Value& body = table->columns[1].values[row];
    std::string text = query::is_null(body) ? std::string() : query::to_text(body);
    const size_t shape = lines.add(text);
    if (shape == by_shape.size()) by_shape.emplace_back().example = std::move(text);
    const UnixNanos at = time_of(row);
    by_shape[shape].add(at, query::bucket_start(at, width).count, table->columns[2].values[row],
                        table->columns[3].values[row]);
  }
  const query::LinePatterns::Folded folded = lines.fold();
  std::vector<Seen> seen(folded.patterns.size());
  for (size_t shape = 0; shape < by_shape.size(); ++shape)
    seen[folded.pattern_of_shape[shape]].join(by_shape[shape]);

  JsonWriter writer;
  write_range(writer.begin_object(), plan.range);
  writer.key("patterns").begin_array();
  for (size_t i = 0; i < std::min(folded.patterns.size(), most_patterns); ++i)
    write_pattern(writer, folded.patterns[i], seen[i], table->row_count);
  writer.end_array().key("patterns_in_all").integer(folded.patterns.size());
  writer.key("bucket_ns").integer_as_string(width.count);
  writer.key("lines").integer(table->row_count);
  writer.key("total").integer(table->cost.rows_matched);
  const bool cut = table->cost.rows_matched > table->row_count;
  write_partial(writer, table->cost,
                cut ? "only the newest " + std::to_string(table->row_count) + " lines were looked at" : "");
  write_cost(writer, table->cost);
  return json(std::move(writer.end_object()));
}

}  // namespace clew::api
