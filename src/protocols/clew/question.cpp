#include "protocols/clew/question.h"

#include <array>
#include <simdjson.h>
#include <string>

#include "base/nearest.h"
#include "protocols/clew/parameters.h"
#include "protocols/clew/pointed_error.h"
#include "query/short_form.h"
#include "query/specification.h"

namespace clew::api {
namespace {

constexpr std::array<std::string_view, 10> kMembers = {
    "query",      "specification",       "signal",  "from", "to", "series", "heatmap_steps",
    "timeout_ms", "first_look_after_ms", "remember"};
constexpr int64_t kMostSteps = 10'000;
constexpr size_t kLongestQuery = 65'536;

struct Members {
  std::optional<std::string> query;
  std::optional<std::string> specification;  // as JSON
  std::optional<Signal> signal;
  RangeWords range;
  bool series = false;
  query::HeatmapSteps heatmap_steps = query::HeatmapSteps::equal;
  std::optional<Nanoseconds> time_limit, first_look_after;
  bool remember = false;
};

QuestionOrFault fault(std::string_view field, Status status) {
  QuestionOrFault result;
  result.status = std::move(status);
  result.fault.field = field;
  return result;
}

Status bad(std::string message) {
  return {ErrorKind::bad_input, std::move(message)};
}

Status read_member(std::string_view name, simdjson::dom::element value, Members& members) {
  std::string_view text;
  const bool is_text = value.get(text) == simdjson::SUCCESS;
  if (name == "specification") {
    if (!value.is_object()) return bad("specification must be an object");
    members.specification = simdjson::minify(value);
    return {};
  }
  if (name == "timeout_ms") {
    int64_t count = 0;
    if (value.get(count) != simdjson::SUCCESS || count < 1 || count > 86'400'000) {
      return bad("timeout_ms must be a whole number of milliseconds, from 1 to a day");
    }
    members.time_limit = milliseconds(count);
    return {};
  }
  if (name == "first_look_after_ms") {
    int64_t count = 0;
    if (value.get(count) != simdjson::SUCCESS || count < 0 || count > 86'400'000)
      return bad("first_look_after_ms must be a whole number of milliseconds, up to a day");
    members.first_look_after = milliseconds(count);
    return {};
  }
  if (name == "remember") {
    return value.get(members.remember) == simdjson::SUCCESS ? Status()
                                                            : bad("remember must be true or false");
  }
  if (name == "series") {
    return value.get(members.series) == simdjson::SUCCESS ? Status() : bad("series must be true or false");
  }
  const auto known = std::find(kMembers.begin(), kMembers.end(), name);
  if (known == kMembers.end()) {
    return bad("A question has no member \"" + std::string(name) + "\": did you mean " +
               std::string(nearest(name, kMembers)) + "?");
  }
  if (!is_text) return bad(std::string(name) + " must be a string");
  if (name == "query") {
    if (text.size() > kLongestQuery)
      return bad("query is longer than " + std::to_string(kLongestQuery) + " bytes");
    members.query = text;
  } else if (name == "heatmap_steps") {
    if (text != "equal" && text != "logarithmic")
      return bad("heatmap_steps are equal or logarithmic, not \"" + std::string(text) + "\"");
    if (text == "logarithmic") members.heatmap_steps = query::HeatmapSteps::logarithmic;
  } else if (name == "signal") {
    members.signal = signal_named(text);
    if (!members.signal)
      return bad("There are the signals traces, logs and metrics, not \"" + std::string(text) + "\"");
  } else {
    (name == "from" ? members.range.from : members.range.to) = text;
  }
  return {};
}

// A heat map without steps of time would be one column.
bool has_heatmap(const query::Plan& plan) {
  return std::any_of(plan.calculations.begin(), plan.calculations.end(),
                     [](const query::Calculation& calculation) {
                       return calculation.kind == query::CalculationKind::heatmap;
                     });
}

// What the question itself says of time wins over from and to, and those over the last hour.
QuestionOrFault with_range(Question question, const Members& members, UnixNanos now) {
  const TimeRange unbounded;
  TimeRange& range = question.plan.range;
  RangeWords words = members.range;
  const bool has_from = range.from != unbounded.from;
  const bool has_to = range.to != unbounded.to;
  if (has_from) words.from = std::to_string(range.from.count);
  if (has_to) words.to = std::to_string(range.to.count);
  if (has_from && has_to && range.from < range.to) return {std::move(question), {}, {}};
  RangeOrFault filled = range_of(words, RangeDefault::last_hour, now);
  if (!filled.status.ok()) return {{}, std::move(filled.status), std::move(filled.fault)};
  // Exactly what the question said, however far away it is from where parse_time() tells units apart.
  if (!has_from) range.from = filled.range.from;
  if (!has_to) range.to = filled.range.to;
  if (range.from >= range.to)
    return fault("from", bad("The question's range is empty: from must be before to"));
  return {std::move(question), {}, {}};
}

}  // namespace

Nanoseconds readable_granularity(const TimeRange& range) {
  constexpr int64_t kMillisecond = 1'000'000, kSecond = 1000 * kMillisecond, kMinute = 60 * kSecond,
                    kHour = 60 * kMinute, kDay = 24 * kHour;
  constexpr int64_t kReadable[] = {kMillisecond,
                                   2 * kMillisecond,
                                   5 * kMillisecond,
                                   10 * kMillisecond,
                                   20 * kMillisecond,
                                   50 * kMillisecond,
                                   100 * kMillisecond,
                                   200 * kMillisecond,
                                   500 * kMillisecond,
                                   kSecond,
                                   2 * kSecond,
                                   5 * kSecond,
                                   10 * kSecond,
                                   15 * kSecond,
                                   30 * kSecond,
                                   kMinute,
                                   2 * kMinute,
                                   5 * kMinute,
                                   10 * kMinute,
                                   15 * kMinute,
                                   30 * kMinute,
                                   kHour,
                                   2 * kHour,
                                   3 * kHour,
                                   6 * kHour,
                                   12 * kHour,
                                   kDay,
                                   2 * kDay,
                                   7 * kDay,
                                   14 * kDay,
                                   28 * kDay};
  const int64_t wanted = (range.to - range.from).count / 150;
  for (const int64_t width : kReadable) {
    if (width >= wanted) return {width};
  }
  return {(wanted / kDay + 1) * kDay};
}

QuestionOrFault read_question(std::string_view body, UnixNanos now) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  const simdjson::error_code error = parser.parse(body.data(), body.size()).get(object);
  if (error != simdjson::SUCCESS) {
    return fault("", bad(std::string("The body must be a JSON object with query or specification: ") +
                         simdjson::error_message(error)));
  }
  Members members;
  for (const auto [name, value] : object) {
    if (Status status = read_member(name, value, members); !status.ok())
      return fault(name, std::move(status));
  }
  if (members.query.has_value() == members.specification.has_value()) {
    return fault("query", bad(members.query ? "Give either query or specification, not both"
                                            : "Give a query, in the short form, or a specification"));
  }
  Result<query::Plan> plan = members.query ? query::plan_of_short_form(*members.query, now)
                                           : query::plan_of_specification(*members.specification, now);
  if (!plan.ok()) {
    if (!members.query) return fault("specification", std::move(plan).status());
    PointedError pointed = point_out(plan.status(), *members.query);
    return {{}, std::move(pointed.status), {.field = "query", .position = pointed.position}};
  }

  QuestionOrFault result =
      with_range({.plan = std::move(plan).value(), .time_limit = members.time_limit}, members, now);
  if (!result.status.ok()) return result;
  result.question.first_look_after = members.first_look_after;
  if (members.remember && members.query)
    result.question.remembered = {
        *members.query, members.range.from.value_or(""), members.range.to.value_or(""),
        members.heatmap_steps == query::HeatmapSteps::logarithmic ? "logarithmic" : "equal"};
  query::Plan& asked = result.question.plan;
  asked.heatmap_steps = members.heatmap_steps;
  if (members.signal && asked.signal == Signal::traces) asked.signal = *members.signal;
  if (!asked.calculations.empty()) {
    asked.totals = true;
    if (!asked.granularity && (members.series || has_heatmap(asked)))
      asked.granularity = readable_granularity(asked.range);
  }
  if (asked.granularity) {
    const int64_t width = std::max<int64_t>(asked.granularity->count, 1);
    if ((asked.range.to - asked.range.from).count / width > kMostSteps) {
      return fault(members.query ? "query" : "specification",
                   bad("The granularity cuts the range into more than " + std::to_string(kMostSteps) +
                       " steps: make it at least " +
                       to_human({(asked.range.to - asked.range.from).count / kMostSteps + 1})));
    }
  }
  return result;
}

}  // namespace clew::api
