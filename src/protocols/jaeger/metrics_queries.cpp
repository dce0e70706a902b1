// The metrics that Jaeger's page draws of a service: how slow, how many, how many wrong. They are reckoned
// from its spans when they are asked for; no job has to write them beforehand.
#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "protocols/jaeger/envelope.h"
#include "protocols/jaeger/queries.h"
#include "protocols/jaeger/trace_query.h"
#include "query/value.h"
#include "telemetry/semantic_names.h"

namespace clew::jaeger {
namespace {

using query::comparison;
using query::Operator;

constexpr Nanoseconds kUsualLookback = hours(1), kUsualStep = seconds(5), kUsualRatePer = seconds(600);
constexpr int64_t kMostPoints = 11'000, kMostSteps = 100'000;
constexpr size_t kMostSeries = 1000;

struct MetricsQuestion {
  std::vector<std::string> services, kinds;
  bool by_operation = false;
  TimeRange range;       // of the points
  Nanoseconds step;      // between them
  Nanoseconds rate_per;  // how far back each looks, for rates
};

Result<Nanoseconds> milliseconds_at(const TraceQuestion& question, const char* name, Nanoseconds usual) {
  constexpr int64_t kMost = days(365).count / 1'000'000;
  CLEW_ASSIGN(const int64_t count, question.number(name, usual.count / 1'000'000));
  if (count < 1 || count > kMost)
    return Status(
        ErrorKind::bad_input,
        fmt::format("unable to parse param '{}': expected 1 to {} milliseconds, got {}", name, kMost, count));
  return milliseconds(count);
}

Result<MetricsQuestion> read_question(const TraceQuestion& question) {
  MetricsQuestion asked{.services = question.parameters("service"), .kinds = question.parameters("spanKind")};
  if (asked.services.empty())
    return Status(ErrorKind::bad_input,
                  "unable to parse param 'service': please provide at least one service name");
  if (asked.kinds.empty()) asked.kinds = {"server"};
  asked.by_operation = question.parameter("groupByOperation") == "true";
  CLEW_ASSIGN(asked.range, question.range(kUsualLookback));
  CLEW_ASSIGN(asked.step, milliseconds_at(question, "step", kUsualStep));
  CLEW_ASSIGN(asked.rate_per, milliseconds_at(question, "ratePer", kUsualRatePer));
  asked.rate_per = std::max(asked.rate_per, asked.step);
  if ((asked.range.to - asked.range.from).count / asked.step.count > kMostPoints ||
      asked.rate_per.count / asked.step.count > kMostSteps)
    return Status(ErrorKind::bad_input,
                  fmt::format("a step of {} ms makes more than {} points: make it longer",
                              asked.step.count / 1'000'000, kMostPoints));
  return asked;
}

query::Plan plan_of(const MetricsQuestion& asked, TimeRange range,
                    std::vector<query::Calculation> calculations) {
  const auto one_of = [](std::string column, const std::vector<std::string>& texts) {
    return query::comparison({std::move(column), {}}, Operator::in, {texts.begin(), texts.end()});
  };
  query::Plan plan;
  plan.range = range;
  plan.filter = query::all_of({one_of("service.name", asked.services),
                               one_of(std::string(names::kSpanKind), asked.kinds),
                               comparison(std::string(names::kSpanId), Operator::exists)});
  plan.group_by = {{"service.name", {}}};
  if (asked.by_operation) plan.group_by.push_back({std::string(names::kName), {}});
  plan.calculations = std::move(calculations);
  plan.granularity = asked.step;
  plan.limit = kMostSeries;
  return plan;
}

struct Point {
  UnixNanos at;
  double value = 0;
};

// One step of one row of the answer to a plan.
struct Step {
  int64_t number = 0;  // of those since 1970
  std::vector<std::optional<double>> values;
};

std::vector<std::vector<Step>> steps_by_row(const query::ResultTable& table, Nanoseconds step) {
  std::vector<std::vector<Step>> rows(table.row_count);
  const query::Series& series = table.series;
  for (size_t i = 0; i < series.size(); ++i) {
    Step& one = rows[series.rows[i]].emplace_back();
    one.number = series.times[i].count / step.count;
    for (const query::ResultColumn& calculation : series.calculations)
      one.values.push_back(query::number_in(calculation.values[i]));
  }
  return rows;
}

// When a step ends; the last one may be under way.
UnixNanos end_of(const MetricsQuestion& asked, int64_t step) {
  return std::min(UnixNanos{step * asked.step.count} + asked.step, asked.range.to);
}

class FamilyWriter {
 public:
  FamilyWriter(const MetricsQuestion& asked, std::string_view what, std::string_view help) : asked_(asked) {
    const bool both = asked.by_operation;
    json_.begin_object().key("name").string(fmt::format("service_{}{}", both ? "operation_" : "", what));
    json_.key("type").string("GAUGE");
    json_.key("help").string(fmt::format("{}, grouped by service{}", help, both ? " & operation" : ""));
    json_.key("metrics").begin_array();
  }

  void add(const query::ResultTable& table, size_t row, const std::vector<Point>& points) {
    json_.begin_object().key("labels").begin_array();
    if (asked_.by_operation) write_label("operation", table.columns[1].values[row]);
    write_label("service_name", table.columns[0].values[row]);
    json_.end_array().key("metricPoints").begin_array();
    for (const Point& point : points) {
      json_.begin_object().key("gaugeValue").begin_object().key("doubleValue").number(point.value);
      json_.end_object().key("timestamp").string(to_rfc3339(point.at)).end_object();
    }
    json_.end_array().end_object();
  }

  net::Response finish() {
    json_.end_array().end_object();
    return net::json_response(200, json_.take());
  }

 private:
  void write_label(std::string_view name, const query::Value& value) {
    json_.begin_object().key("name").string(name).key("value").string(to_text(value)).end_object();
  }

  const MetricsQuestion& asked_;
  JsonWriter json_;
};

// Of each step by itself.
Result<net::Response> latencies(const TraceQuestion& question) {
  CLEW_ASSIGN(const MetricsQuestion asked, read_question(question));
  const std::string text = question.parameter("quantile");
  double quantile = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), quantile);
  if (fault != std::errc() || end != text.data() + text.size() || !(quantile >= 0 && quantile <= 1))
    return Status(
        ErrorKind::bad_input,
        fmt::format("unable to parse param 'quantile': expected 0 to 1, got \"{}\"", text.substr(0, 40)));
  const query::Plan plan = plan_of(asked, asked.range,
                                   {{.kind = query::CalculationKind::percentile,
                                     .quantile = quantile,
                                     .column = query::ColumnName{"duration_ms", {}}}});
  CLEW_ASSIGN(const query::ResultTable table, query::run(plan, question.traces(), question.run_options()));
  FamilyWriter family(asked, "latencies", fmt::format("{:.2f}th quantile latency", quantile));
  const auto rows = steps_by_row(table, asked.step);
  for (size_t row = 0; row < rows.size(); ++row) {
    std::vector<Point> points;
    for (const Step& step : rows[row]) {
      if (step.values[0]) points.push_back({end_of(asked, step.number), *step.values[0]});
    }
    family.add(table, row, points);
  }
  return family.finish();
}

struct Counts {
  double calls = 0, errors = 0;
};

// What `rate` makes of the calls and errors in the time before each point; nothing: no point.
using Rate = std::optional<double> (*)(const Counts&, Nanoseconds);

Result<net::Response> rates(const TraceQuestion& question, std::string_view what, std::string_view help,
                            Rate rate) {
  CLEW_ASSIGN(const MetricsQuestion asked, read_question(question));
  const int64_t first = asked.range.from.count / asked.step.count;
  const int64_t last = (asked.range.to.count - 1) / asked.step.count;
  const int64_t window = asked.rate_per.count / asked.step.count;
  const TimeRange range{.from = {(first - window + 1) * asked.step.count}, .to = asked.range.to};
  const query::Plan plan =
      plan_of(asked, range,
              {{.kind = query::CalculationKind::count, .alias = "calls"},
               {.kind = query::CalculationKind::count,
                .alias = "errors",
                .filter = comparison(std::string(names::kError), Operator::equal, true)}});
  CLEW_ASSIGN(const query::ResultTable table, query::run(plan, question.traces(), question.run_options()));
  FamilyWriter family(asked, what, help);
  const auto rows = steps_by_row(table, asked.step);
  for (size_t row = 0; row < rows.size(); ++row) {
    std::vector<Point> points;
    const std::vector<Step>& steps = rows[row];
    Counts sum;
    size_t entering = 0, leaving = 0;
    for (int64_t step = first; step <= last; ++step) {
      for (; entering < steps.size() && steps[entering].number <= step; ++entering) {
        sum.calls += steps[entering].values[0].value_or(0);
        sum.errors += steps[entering].values[1].value_or(0);
      }
      for (; leaving < entering && steps[leaving].number <= step - window; ++leaving) {
        sum.calls -= steps[leaving].values[0].value_or(0);
        sum.errors -= steps[leaving].values[1].value_or(0);
      }
      if (const auto value = rate(sum, asked.rate_per)) points.push_back({end_of(asked, step), *value});
    }
    family.add(table, row, points);
  }
  return family.finish();
}

Result<net::Response> calls(const TraceQuestion& question) {
  return rates(question, "call_rate", "calls/sec", [](const Counts& counts, Nanoseconds per) {
    return std::optional(counts.calls / per.to_seconds());
  });
}

Result<net::Response> errors(const TraceQuestion& question) {
  return rates(question, "error_rate", "error rate, computed as a fraction of errors/sec over calls/sec",
               [](const Counts& counts, Nanoseconds) {
                 return counts.calls > 0 ? std::optional(counts.errors / counts.calls) : std::nullopt;
               });
}

Result<net::Response> shortest_step(const TraceQuestion&) {
  Envelope envelope;
  envelope.data().integer(1);
  return envelope.finish(0);
}

}  // namespace

void add_metrics_routes(TraceQuestions& questions, Router& router) {
  const auto add = [&](std::string_view path, TraceQuestions::Answer answer) {
    questions.add(router, path, answer, enveloped);
  };
  add("/api/metrics/latencies", latencies);
  add("/api/metrics/calls", calls);
  add("/api/metrics/errors", errors);
  add("/api/metrics/minstep", shortest_step);
}

}  // namespace clew::jaeger
