#include "protocols/cloudwatch_logs/event_to_otlp.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <simdjson.h>

#include <fmt/format.h>

#include "protocols/cloudwatch_logs/call.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/line_links.h"
#include "protocols/cloudwatch_logs/member_columns.h"
#include "telemetry/any_value.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"

namespace clew::cloudwatch_logs {
namespace {

namespace dom = simdjson::dom;

// "trace_id", "traceId", "dd.trace-id": letters and digits of the last part of a name, in small.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name.substr(name.rfind('.') + 1)) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return plain;
}

class RecordWriter {
 public:
  RecordWriter(std::string& out, dom::parser& parser) : writer_(out), parser_(parser) {}

  void write(const PutEvent& event, int64_t number, UnixNanos ingested) {
    links_ = {};
    severity_ = 0;
    severity_text_ = {};
    members_ = 0;
    left_out_ = 0;
    all_in_columns_ = event.message.find('{') == std::string_view::npos;
    const auto record = writer_.begin_message(otlp::scope_items::items);
    writer_.fixed64(otlp::log_record::time, static_cast<uint64_t>(event.milliseconds) * 1'000'000);
    writer_.fixed64(otlp::log_record::observed_time, static_cast<uint64_t>(ingested.count));
    const auto body = writer_.begin_message(otlp::log_record::body);
    writer_.bytes(otlp::any_value::string, event.message);
    writer_.end_message(body);
    attribute(column::kNumber,
              [&] { writer_.varint(otlp::any_value::integer, static_cast<uint64_t>(number)); });
    attribute(column::kBytes,
              [&] { writer_.varint(otlp::any_value::integer, event.message.size() + kBytesBesideMessage); });
    if (!is_object(event.message) || !write_members(event.message)) {
      links_ = links_in(event.message);
      severity_ = severity_in(event.message);
    } else if (!links_.trace) {
      links_ = links_in(event.message);
    }
    if (all_in_columns_ && left_out_ == 0)
      attribute(column::kMembers, [&] { writer_.varint(otlp::any_value::integer, members_); });
    if (severity_ != 0) writer_.varint(otlp::log_record::severity_number, static_cast<uint64_t>(severity_));
    if (!severity_text_.empty()) writer_.bytes(otlp::log_record::severity_text, severity_text_);
    if (left_out_ != 0) writer_.varint(otlp::log_record::dropped_attributes_count, left_out_);
    if (links_.trace) {
      writer_.bytes(otlp::log_record::trace_id, links_.trace->view());
      if (links_.span) writer_.bytes(otlp::log_record::span_id, links_.span->view());
    }
    writer_.end_message(record);
  }

 private:
  static bool is_object(std::string_view message) {
    const size_t first = message.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && message[first] == '{';
  }

  // False when it is not JSON.
  bool write_members(std::string_view message) {
    dom::object object;
    if (parser_.parse(message.data(), message.size()).get(object) != simdjson::SUCCESS) return false;
    std::string prefix;
    all_in_columns_ = true;
    write_object(object, prefix, 0);
    return true;
  }

  // Whether each name stands for one member, whichever way it is looked for.
  static bool has_plain_names(dom::object object) {
    std::array<std::string_view, 32> names;
    size_t count = 0;
    for (const auto& [key, value] : object) {
      if (count == names.size() || key.empty() || key.find_first_of(".[") != std::string_view::npos)
        return false;
      if (std::find(names.begin(), names.begin() + static_cast<ptrdiff_t>(count), key) !=
          names.begin() + static_cast<ptrdiff_t>(count))
        return false;
      dom::object within;
      // An object without members is in no column.
      if (value.get(within) == simdjson::SUCCESS && within.size() == 0) return false;
      names[count++] = key;
    }
    return true;
  }

  void write_object(dom::object object, std::string& prefix, size_t depth) {
    all_in_columns_ = all_in_columns_ && has_plain_names(object);
    for (const auto& [key, value] : object) {
      const size_t length = prefix.size();
      if (length != 0) prefix += '.';
      prefix += key;
      write_member(prefix, value, depth);
      prefix.resize(length);
    }
  }

  void write_member(std::string& name, dom::element value, size_t depth) {
    dom::object object;
    if (value.get(object) == simdjson::SUCCESS && depth < kDeepestMember) {
      write_object(object, name, depth + 1);
      return;
    }
    if (value.is_null() || name.empty()) return;
    if (members_ == kMostMembers) {
      ++left_out_;
      return;
    }
    ++members_;
    std::string_view text;
    int64_t integer = 0;
    double number = 0;
    bool truth = false;
    attribute(name, [&] {
      if (value.get(text) == simdjson::SUCCESS) {
        writer_.bytes(otlp::any_value::string, text);
      } else if (value.get(truth) == simdjson::SUCCESS) {
        writer_.boolean(otlp::any_value::boolean, truth);
      } else if (value.get(integer) == simdjson::SUCCESS) {
        writer_.varint(otlp::any_value::integer, static_cast<uint64_t>(integer));
      } else if (value.get(number) == simdjson::SUCCESS) {
        writer_.floating(otlp::any_value::floating, number);
      } else {
        // An array, or what is nested too deeply.
        otlp::write_any_value_of_json(writer_, simdjson::minify(value));
      }
    });
    if (!text.empty()) note(name, text);
  }

  // What a member with one of the usual names says of the record.
  void note(std::string_view name, std::string_view text) {
    const bool may_be_id = text.size() >= 16 && text.size() <= 200;
    const bool may_be_level = text.size() <= 12 && severity_ == 0;
    if (!may_be_id && !may_be_level) return;
    const std::string plain = plain_name(name);
    if (may_be_level && (plain == "level" || plain == "severity" || plain == "loglevel" ||
                         plain == "levelname" || plain == "lvl" || plain == "severitytext")) {
      severity_ = severity_of_word(text);
      if (severity_ != 0) severity_text_ = text;
    } else if (may_be_id && !links_.trace && plain.ends_with("traceid")) {
      links_.trace = parse_trace_id(text);
    } else if (may_be_id && plain.ends_with("spanid") && text.size() == 16) {
      links_.span = SpanId::from_hex(text);
    }
  }

  template <typename WriteValue>
  void attribute(std::string_view name, WriteValue write_value) {
    const auto pair = writer_.begin_message(otlp::log_record::attributes);
    writer_.bytes(otlp::key_value::key, name);
    const auto value = writer_.begin_message(otlp::key_value::value);
    write_value();
    writer_.end_message(value);
    writer_.end_message(pair);
  }

  ProtobufWriter writer_;
  dom::parser& parser_;
  LineLinks links_;
  int32_t severity_ = 0;
  std::string severity_text_;
  size_t members_ = 0;
  bool all_in_columns_ = false;  // whether fields of Logs Insights are what columns have
  uint64_t left_out_ = 0;
};

void write_resource(ProtobufWriter& writer, const EventSource& source) {
  const auto resource = writer.begin_message(otlp::resource_items::resource);
  const auto attribute = [&](std::string_view key, std::string_view text) {
    if (text.empty()) return;
    const auto pair = writer.begin_message(otlp::resource::attributes);
    writer.bytes(otlp::key_value::key, key);
    const auto value = writer.begin_message(otlp::key_value::value);
    writer.bytes(otlp::any_value::string, text);
    writer.end_message(value);
    writer.end_message(pair);
  };
  attribute("service.name", source.service.empty() ? source.group : source.service);
  attribute("deployment.environment.name", source.environment);
  attribute("cloud.provider", "aws");
  attribute("cloud.region", source.region);
  attribute(column::kGroup, source.group);
  attribute(column::kStream, source.stream);
  writer.end_message(resource);
}

}  // namespace

std::string events_to_otlp(const EventSource& source, const std::vector<PutEvent>& events,
                           int64_t first_number, UnixNanos ingested) {
  // Keeps its memory from call to call.
  thread_local dom::parser parser;
  std::string out;
  size_t bytes = 512;
  for (const PutEvent& event : events) bytes += event.message.size() * 2 + 96;
  out.reserve(bytes);
  ProtobufWriter writer(out);
  const auto resource_logs = writer.begin_message(otlp::request::resources);
  write_resource(writer, source);
  const auto scope_logs = writer.begin_message(otlp::resource_items::scopes);
  RecordWriter records(out, parser);
  for (size_t i = 0; i < events.size(); ++i)
    records.write(events[i], first_number + static_cast<int64_t>(i), ingested);
  writer.end_message(scope_logs);
  writer.end_message(resource_logs);
  return out;
}

}  // namespace clew::cloudwatch_logs
