// Log streams of a group: that they exist, kept in the control database; what is in them, asked of the store.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "protocols/cloudwatch_logs/call.h"
#include "protocols/cloudwatch_logs/log_group.h"

namespace clew::cloudwatch_logs {

struct LogStream {
  std::string name;
  UnixNanos created;
  int64_t first_event = 0;  // events with lower numbers are of a deleted one of the same name
};

struct StreamSpan {
  UnixNanos first_event;
  UnixNanos last_event;
  UnixNanos last_ingestion;
};

bool is_stream_name(std::string_view name);

// Any thread.
class LogStreams {
 public:
  LogStreams(control::Records& records, EnvironmentId environment, std::string_view group)
      : records_(records), environment_(environment), kind_("logs.streams:" + std::string(group)) {}

  Result<std::vector<LogStream>> list();  // by name
  Result<LogStream> find(std::string_view name);
  Status create(const LogStream& stream);
  Status remove(std::string_view name);
  Status remove_all();

 private:
  control::Records& records_;
  EnvironmentId environment_;
  std::string kind_;
};

// When the streams of a group were written to; those without events are not in it.
Result<std::map<std::string, StreamSpan>> spans_of_streams(const Call& call, const LogGroup& group);

}  // namespace clew::cloudwatch_logs
