#include "control/errors/error_glance.h"

#include <string>

#include <gtest/gtest.h>

#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"

namespace clew::control::errors {
namespace {

void attribute(ProtobufWriter& writer, uint32_t field, std::string_view key, bool key_first = true) {
  const auto key_value = writer.begin_message(field);
  if (key_first) writer.bytes(otlp::key_value::key, key);
  const auto any = writer.begin_message(otlp::key_value::value);
  writer.bytes(otlp::any_value::string, "exception.type is only text here");
  writer.end_message(any);
  if (!key_first) writer.bytes(otlp::key_value::key, key);
  writer.end_message(key_value);
}

std::string event(std::string_view key, bool key_first = true) {
  std::string bytes;
  ProtobufWriter writer(bytes);
  writer.fixed64(otlp::event::time, 1);
  writer.bytes(otlp::event::name, "exception");
  attribute(writer, otlp::event::attributes, key, key_first);
  return bytes;
}

std::string record(uint64_t severity, std::string_view body, std::string_view key = "k") {
  std::string bytes;
  ProtobufWriter writer(bytes);
  writer.varint(otlp::log_record::severity_number, severity);
  const auto any = writer.begin_message(otlp::log_record::body);
  writer.bytes(otlp::any_value::string, body);
  writer.end_message(any);
  attribute(writer, otlp::log_record::attributes, key);
  return bytes;
}

TEST(ErrorGlance, EventsAreErrorsByTheirAttributes) {
  EXPECT_TRUE(event_may_be_error(event("exception.type")));
  EXPECT_TRUE(event_may_be_error(event("exception.stacktrace", false))) << "the key may come last";
  EXPECT_FALSE(event_may_be_error(event("message")));
  EXPECT_FALSE(event_may_be_error(event("my.exception.type")));
  EXPECT_FALSE(event_may_be_error(""));
  EXPECT_TRUE(event_may_be_error("\x0a\x7f")) << "no protobuf: others will say so";
}

TEST(ErrorGlance, LogRecordsByAttributesOrByLinesOfASevereText) {
  const struct {
    uint64_t severity;
    const char* body;
    const char* key;
    bool may_be;
  } cases[] = {
      {9, "one line", "k", false},   {9, "one line", "exception.message", true},
      {9, "two\nlines", "k", false}, {17, "two\nlines", "k", true},
      {0, "two\nlines", "k", true},  {21, "one line", "k", false},
      {17, "", "k", false},          {13, "warn\nof exception.type", "k", false},
  };
  for (const auto& one : cases)
    EXPECT_EQ(log_record_may_be_error(record(one.severity, one.body, one.key)), one.may_be)
        << one.severity << " " << one.body << " " << one.key;
}

TEST(ErrorGlance, WithinABatch) {
  for (const bool has : {false, true}) {
    std::string bytes;
    ProtobufWriter writer(bytes);
    const auto resource = writer.begin_message(otlp::request::resources);
    const auto scope = writer.begin_message(otlp::resource_items::scopes);
    const auto item = writer.begin_message(otlp::scope_items::items);
    writer.bytes(otlp::span::events, event(has ? "exception.type" : "message"));
    writer.end_message(item);
    writer.end_message(scope);
    writer.end_message(resource);
    Batch batch;
    batch.signal = Signal::traces;
    batch.otlp = SharedBytes(std::string(bytes));
    EXPECT_EQ(may_have_occurrences(batch), has);
    batch.signal = Signal::metrics;
    EXPECT_FALSE(may_have_occurrences(batch));
  }
}

}  // namespace
}  // namespace clew::control::errors
