// Log events as rows of the store: which columns they have, and reading them back in the order in which they
// were put.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/plan.h"
#include "query/result_table.h"
#include "query/run.h"

namespace clew::cloudwatch_logs {

struct Call;
struct LogGroup;
struct LogStream;

// The columns that an event has beside those of every log record.
namespace column {
inline constexpr std::string_view kGroup = "aws.log.group.names";    // string, of the resource
inline constexpr std::string_view kStream = "aws.log.stream.names";  // string, of the resource
inline constexpr std::string_view kNumber = "aws.log.event.number";  // int64, of the record
inline constexpr std::string_view kBytes = "aws.log.event.bytes";    // int64, of the record
query::ColumnName group();
query::ColumnName stream();
query::ColumnName number();
query::ColumnName bytes();
}  // namespace column

// Numbers of events: each is greater than those before, over restarts too, and about the time in nanoseconds.
class EventNumbers {
 public:
  // The first of `count` numbers in a row.
  int64_t take(size_t count);

 private:
  std::atomic<int64_t> next_ = 0;
};

// What an event is counted as beside its message, as AWS does.
constexpr size_t kBytesBesideMessage = 26;

// Where an event stands: by time, then by number.
struct EventPlace {
  int64_t milliseconds = 0;
  int64_t number = 0;
  auto operator<=>(const EventPlace&) const = default;

  // 56 decimal digits, as AWS numbers events: in the order of the places.
  std::string text() const;
  static std::optional<EventPlace> parse(std::string_view text);
};

struct Event {
  EventPlace place;
  UnixNanos ingested;
  std::string group;
  std::string stream;
  std::string message;
};

// A condition that holds for the events of a group, of a stream.
query::Filter events_of(const LogGroup& group);
query::Filter events_of(const LogGroup& group, const LogStream& stream);
// Within a group, those that lie behind or before a place.
query::Filter events_after(const EventPlace& place);
query::Filter events_before(const EventPlace& place);

struct EventsWanted {
  TimeRange range;
  query::Filter filter;
  query::Direction direction = query::Direction::ascending;  // from which end the events are taken
  size_t limit = query::kMostRows;
};
struct Events {
  std::vector<Event> events;  // in the order of their places, whatever the direction
  query::Cost cost;
};
Result<Events> read_events(const Call& call, const EventsWanted& wanted);

}  // namespace clew::cloudwatch_logs
