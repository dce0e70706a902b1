#include "protocols/honeycomb/event.h"

#include <gtest/gtest.h>

namespace clew::honeycomb {
namespace {

constexpr UnixNanos kArrived{1'700'000'000'000'000'000};

TEST(HoneycombEvent, EveryFormOfTime) {
  const std::vector<std::pair<std::string, int64_t>> cases = {
      {"2026-01-05T10:00:00Z", 1767607200'000000000},
      {"2026-01-05T10:00:00.123456789Z", 1767607200'123456789},
      {"2026-01-05T11:00:00.5+01:00", 1767607200'500000000},
      {"1767607200", 1767607200'000000000},
      {"1767607200123", 1767607200'123000000},
      {"1767607200123456", 1767607200'123456000},
      {"1767607200123456789", 1767607200'123456789},
      {"1767607200.25", 1767607200'250000000},
      {"1767607200.123456789", 1767607200'123456789},
      {"1.7676072e9", 1767607200'000000000},
  };
  for (const auto& [text, nanoseconds] : cases) {
    const auto read = read_event_time(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->count, nanoseconds) << text;
  }
  for (const char* text : {"", "yesterday", "now-1h", "2026-13-45T10:00:00Z", "-5", "inf", "12x"})
    EXPECT_FALSE(read_event_time(text)) << text;
}

TEST(HoneycombEvent, SampleRates) {
  EXPECT_EQ(read_sample_rate("4"), 4);
  EXPECT_EQ(read_sample_rate("0"), 1);
  EXPECT_EQ(read_sample_rate("-3"), 1);
  EXPECT_EQ(read_sample_rate("many"), 1);
  EXPECT_EQ(read_sample_rate(""), 1);
  EXPECT_EQ(read_sample_rate("9999999999"), 2147483647);
}

std::string told(const EventOrFault& one) {
  if (const auto* fault = std::get_if<EventFault>(&one))
    return std::to_string(fault->status) + " " + fault->error;
  const Event& event = std::get<Event>(one);
  return std::to_string(event.time.count) + " " + std::to_string(event.sample_rate) + " " + event.data.text();
}

TEST(HoneycombEvent, OneBadEventInABatchCostsOnlyItself) {
  const auto batch = read_batch(R"([
    {"time":"2026-01-05T10:00:00Z","samplerate":4,"data":{"name":"a","none":null}},
    {"data":{}}, {"data":null}, {}, 7, {"data":[1]}, {"data":{"none":null}},
    {"time":1767607200.5,"samplerate":"3","data":{"a":1}, "more":[]},
    {"time":{},"samplerate":[],"data":{"a":1}}])",
                                EventEncoding::json, kArrived);
  ASSERT_TRUE(batch.ok());
  std::vector<std::string> all;
  for (const EventOrFault& one : *batch) all.push_back(told(one));
  const std::string empty = "400 Request body should not be empty.",
                    malformed = "400 Request body is malformed and cannot be read.";
  EXPECT_EQ(all, (std::vector<std::string>{"1767607200000000000 4 {\"name\":\"a\"}", empty, empty, empty,
                                           malformed, malformed, empty, "1767607200500000000 3 {\"a\":1}",
                                           "1700000000000000000 1 {\"a\":1}"}));
}

TEST(HoneycombEvent, LimitsOfOneEvent) {
  JsonValue::Object many;
  for (int i = 0; i < 2001; ++i) many.push_back({"field" + std::to_string(i), JsonValue(int64_t{i})});
  JsonValue::Object enough(many.begin(), many.end() - 1);
  EXPECT_EQ(told(accept_event(JsonValue(many), kArrived, 1)), "400 Event has too many columns.");
  EXPECT_TRUE(std::holds_alternative<Event>(accept_event(JsonValue(enough), kArrived, 1)));
  JsonValue large;
  large["text"] = JsonValue(std::string(1'000'001, 'x'));
  EXPECT_EQ(told(accept_event(large, kArrived, 1)), "400 Request body is too large.");
}

TEST(HoneycombEvent, BodiesThatAreNoBatch) {
  const auto message = [](std::string_view body, EventEncoding encoding = EventEncoding::json) {
    return std::string(read_batch(body, encoding, kArrived).status().message());
  };
  EXPECT_EQ(message(""), "Request body should not be empty.");
  for (const char* body : {"{}", "[", "null", "7", "[{\"data\":{}}"})
    EXPECT_EQ(message(body), "Request body is malformed and cannot be read.") << body;
  EXPECT_EQ(message("[{}]", EventEncoding::msgpack), "Request body is malformed and cannot be read.");
  EXPECT_EQ(message("[]"), "");
}

}  // namespace
}  // namespace clew::honeycomb
