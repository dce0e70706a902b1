// PutRequest: what a PutLogEvents request brings, checked as AWS checks it.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json_value.h"
#include "protocols/aws/errors.h"
#include "protocols/cloudwatch_logs/event_to_otlp.h"

namespace clew::cloudwatch_logs {

class PutRequest {
 public:
  // Views of `input`, which must outlive this.
  static std::variant<PutRequest, aws::Error> read(const JsonValue& input);

  const std::string& group() const { return group_; }
  const std::string& stream() const { return stream_; }
  const std::vector<PutEvent>& events() const { return events_; }

  // Leaves out the events that are too old, too new or, in a group with a retention, expired. An error when
  // the others lie too far apart.
  std::optional<aws::Error> keep_what_is_of_age(std::optional<int64_t> retention_days, UnixNanos now);
  size_t left_out() const { return in_all_ - events_.size(); }

  std::string to_otlp(std::string_view region, int64_t first_number, UnixNanos now) const;
  // What to answer once the events were taken.
  std::string output(int64_t first_number, UnixNanos now) const;

 private:
  // Whose events they are, when the caller says.
  struct Entity {
    std::string service;
    std::string environment;
    std::string error;  // of rejectedEntityInfo
  };
  // Which events are of an age that is kept.
  struct AgeCheck {
    size_t first = 0;    // too old or expired are those before it
    size_t end = 0;      // too new are those from it on
    size_t too_old = 0;  // exclusive ends of the leading runs; 0: none
    size_t expired = 0;
  };
  static Entity entity_in(const JsonValue& input);

  std::string group_;
  std::string stream_;
  std::vector<PutEvent> events_;
  size_t in_all_ = 0;
  AgeCheck ages_;
  Entity entity_;
};

}  // namespace clew::cloudwatch_logs
