#include "protocols/cloudwatch_logs/event_rows.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "protocols/cloudwatch_logs/call.h"
#include "protocols/cloudwatch_logs/log_stream.h"
#include "telemetry/semantic_names.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr int64_t kNanosPerMillisecond = 1'000'000;

UnixNanos time_of(const EventPlace& place) {
  return {place.milliseconds * kNanosPerMillisecond};
}

query::Filter number_compares(query::Operator op, int64_t number) {
  return query::comparison(column::number(), op, {number});
}
query::Filter time_compares(query::Operator op, UnixNanos at) {
  return query::comparison({std::string(names::kTime), store::Scope::intrinsic}, op, {at});
}

query::Plan plan_of(const EventsWanted& wanted) {
  query::Plan plan;
  plan.signal = Signal::logs;
  plan.range = wanted.range;
  plan.filter = wanted.filter;
  plan.limit = wanted.limit;
  // The number first: it orders the events of one time.
  plan.rows = query::RowsWanted{.columns = {column::number(),
                                            {std::string(names::kTime), store::Scope::intrinsic},
                                            {std::string(names::kObservedTime), store::Scope::intrinsic},
                                            column::stream(),
                                            {std::string(names::kBody), store::Scope::intrinsic},
                                            column::group()},
                                .order_by_time = wanted.direction};
  return plan;
}

std::vector<Event> events_in(query::ResultTable& table) {
  std::vector<Event> events;
  events.reserve(table.row_count);
  const auto time = [&](size_t column, size_t row) {
    const auto* at = std::get_if<UnixNanos>(&table.columns[column].values[row]);
    return at == nullptr ? UnixNanos{} : *at;
  };
  for (size_t row = 0; row < table.row_count; ++row) {
    const auto* number = std::get_if<int64_t>(&table.columns[0].values[row]);
    auto* message = std::get_if<std::string>(&table.columns[4].values[row]);
    events.push_back({.place = {.milliseconds = time(1, row).count / kNanosPerMillisecond,
                                .number = number == nullptr ? 0 : *number},
                      .ingested = time(2, row),
                      .group = query::to_text(table.columns[5].values[row]),
                      .stream = query::to_text(table.columns[3].values[row]),
                      .message = message == nullptr ? std::string() : std::move(*message)});
  }
  return events;
}

}  // namespace

query::ColumnName column::group() {
  return {std::string(kGroup), store::Scope::resource};
}
query::ColumnName column::stream() {
  return {std::string(kStream), store::Scope::resource};
}
query::ColumnName column::number() {
  return {std::string(kNumber), store::Scope::attribute};
}

query::ColumnName column::bytes() {
  return {std::string(kBytes), store::Scope::attribute};
}

int64_t EventNumbers::take(size_t count) {
  const int64_t at = now().count;
  int64_t first = next_.load(std::memory_order_relaxed);
  int64_t taken = 0;
  do {
    taken = std::max(first, at);
  } while (!next_.compare_exchange_weak(first, taken + static_cast<int64_t>(count)));
  return taken;
}

std::string EventPlace::text() const {
  return fmt::format("3{:036}{:019}", std::max<int64_t>(milliseconds, 0), std::max<int64_t>(number, 0));
}

std::optional<EventPlace> EventPlace::parse(std::string_view text) {
  EventPlace place;
  if (text.size() != 56 || text.front() != '3') return std::nullopt;
  const auto read = [](std::string_view digits, int64_t& into) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), into);
    return error == std::errc() && end == digits.data() + digits.size() && into >= 0;
  };
  // Nobody's clock is that far; what follows may multiply it.
  constexpr int64_t kLatest = INT64_MAX / kNanosPerMillisecond;
  if (!read(text.substr(1, 36), place.milliseconds) || !read(text.substr(37), place.number) ||
      place.milliseconds > kLatest)
    return std::nullopt;
  return place;
}

query::Filter events_of(const LogGroup& group) {
  return query::all_of({query::comparison(column::group(), query::Operator::equal, {group.name}),
                        number_compares(query::Operator::greater_or_equal, group.first_event)});
}

query::Filter events_of(const LogGroup& group, const LogStream& stream) {
  return query::all_of({events_of(group),
                        query::comparison(column::stream(), query::Operator::equal, {stream.name}),
                        number_compares(query::Operator::greater_or_equal, stream.first_event)});
}

query::Filter events_after(const EventPlace& place) {
  return query::any_of({time_compares(query::Operator::greater_or_equal, time_of(place) + milliseconds(1)),
                        query::all_of({time_compares(query::Operator::greater_or_equal, time_of(place)),
                                       number_compares(query::Operator::greater, place.number)})});
}

query::Filter events_before(const EventPlace& place) {
  return query::any_of({time_compares(query::Operator::less, time_of(place)),
                        query::all_of({time_compares(query::Operator::less, time_of(place) + milliseconds(1)),
                                       number_compares(query::Operator::less, place.number)})});
}

Result<Events> read_events(const Call& call, const EventsWanted& wanted) {
  const store::Snapshot snapshot = call.snapshot(Signal::logs);
  CLEW_ASSIGN(query::ResultTable table, query::run(plan_of(wanted), snapshot, call.run_options()));
  Events read{.events = events_in(table), .cost = table.cost};
  const bool descending = wanted.direction == query::Direction::descending;
  if (descending && read.events.size() == wanted.limit) {
    // Of the earliest time, rows come with the lowest numbers first, and it is the highest that are wanted.
    const EventPlace edge = read.events.back().place;
    const auto is_of_edge = [&](const Event& event) { return event.place.milliseconds == edge.milliseconds; };
    const auto here = static_cast<size_t>(std::count_if(read.events.begin(), read.events.end(), is_of_edge));
    EventsWanted again = wanted;
    again.range = {time_of(edge), time_of(edge) + milliseconds(1)};
    again.limit = query::kMostRowsRead;
    CLEW_ASSIGN(query::ResultTable of_edge, query::run(plan_of(again), snapshot, call.run_options()));
    std::vector<Event> all = events_in(of_edge);
    std::sort(all.begin(), all.end(), [](const Event& a, const Event& b) { return a.place < b.place; });
    if (all.size() > here) {
      std::erase_if(read.events, is_of_edge);
      std::move(all.end() - static_cast<ptrdiff_t>(here), all.end(), std::back_inserter(read.events));
    }
  }
  std::sort(read.events.begin(), read.events.end(),
            [](const Event& a, const Event& b) { return a.place < b.place; });
  return read;
}

}  // namespace clew::cloudwatch_logs
