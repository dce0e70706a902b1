// Row: one row of a Logs Insights query, with the fields that its log event has by itself and those that
// commands gave it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/insights_value.h"

namespace clew::cloudwatch_logs::insights {

class Row {
 public:
  Row() = default;
  // `event` must outlive the row and its copies.
  explicit Row(const Event& event) : event_(&event) {}

  // Nothing when the row has no such field.
  Value field(const std::string& name) const;
  void set(const std::string& name, Value value) { given_.insert_or_assign(name, std::move(value)); }
  const Event* event() const { return event_; }
  const std::map<std::string, Value>& given() const { return given_; }
  // From here on "left.field" is a field that this row has now, and "right.field" one of `other`, if there is
  // one.
  Row joined(const std::string& left, const std::string& right, const Row* other) const;

 private:
  std::optional<Value> within_given(const std::string& name) const;

  const Event* event_ = nullptr;
  std::map<std::string, Value> given_;
  std::map<std::string, std::shared_ptr<const Row>> sides_;  // by the name before the dot
  // What the message has, found when it is first asked for.
  mutable std::shared_ptr<const JsonValue> json_;
  mutable bool looked_ = false;
};

// "a.b.0" or "a[0].b" of JSON; nullptr when there is nothing.
const JsonValue* member_at(const JsonValue& json, std::string_view path);
// As @log has it.
std::string log_name(std::string_view group);
// Names of the fields of an event, for GetLogGroupFields and GetLogRecord: with dots, lists by their index.
std::map<std::string, std::string> fields_of(const Event& event);

}  // namespace clew::cloudwatch_logs::insights
