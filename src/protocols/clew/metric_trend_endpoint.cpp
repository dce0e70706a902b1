// One metric over time: the growth of what counts, the percentiles of histograms, the values of gauges.
#include <algorithm>

#include "protocols/clew/answer.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/parameters.h"
#include "protocols/clew/question.h"
#include "query/metric_trend.h"

namespace clew::api {
namespace {

constexpr size_t kMostGroups = 100;
// Exporters send once a minute unless told otherwise: narrower steps would have gaps, over ranges where that
// matters.
constexpr Nanoseconds kExportInterval = seconds(60);
constexpr int64_t kFewIntervals = 20;

Nanoseconds step_of(const TimeRange& range) {
  const Nanoseconds readable = readable_granularity(range);
  const bool has_many = (range.to.count - range.from.count) / kExportInterval.count >= kFewIntervals;
  return has_many ? std::max(readable, kExportInterval) : readable;
}

}  // namespace

net::Response answer_metric_trend(const Call& call) {
  Parameters parameters(call);
  query::MetricQuestion question;
  question.range = parameters.range();
  question.metric = parameters.required_text("metric");
  question.filter = parameters.condition();
  question.limit = parameters.limit(12, kMostGroups);
  if (const auto by = parameters.text("by")) question.by = query::ColumnName{*by, {}};
  if (!parameters.ok()) return parameters.refusal();
  question.step = step_of(question.range);
  Watch watch(call);
  const Result<query::MetricTrend> trend =
      query::metric_trend(question, call.snapshot(Signal::metrics), watch.run_options());
  if (!trend.ok()) return refusal(trend.status());
  JsonWriter writer;
  write_answer(writer, trend->plan, trend->table, {});
  return json(std::move(writer));
}

}  // namespace clew::api
