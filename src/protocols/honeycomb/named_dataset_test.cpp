#include "protocols/honeycomb/named_dataset.h"

#include <gtest/gtest.h>

#include "telemetry/otlp_json.h"

namespace clew::honeycomb {
namespace {

constexpr const char* kClassic = "0123456789abcdef0123456789abcdef";
constexpr const char* kOther = "aBcDeFgHiJkLmNoPqRsTuV";

std::string told(Signal signal, const char* key, const char* dataset) {
  const auto named = named_dataset(signal, {{"x-honeycomb-team", key}, {"x-honeycomb-dataset", dataset}});
  return named ? named->slug + (named->only_nameless ? " of the nameless" : "") : "none";
}

TEST(HoneycombNamedDataset, WhenTheHeaderCounts) {
  EXPECT_EQ(told(Signal::traces, kClassic, "My Data"), "my-data");
  EXPECT_EQ(told(Signal::traces, kClassic, "%20My%20Data%20"), "my-data");
  EXPECT_EQ(told(Signal::traces, kOther, "My Data"), "none");
  EXPECT_EQ(told(Signal::metrics, kOther, "m"), "m");
  EXPECT_EQ(told(Signal::metrics, kClassic, "m"), "m");
  EXPECT_EQ(told(Signal::logs, kOther, "l"), "l of the nameless");
  EXPECT_EQ(told(Signal::traces, kClassic, "  "), "none");
  EXPECT_FALSE(named_dataset(Signal::metrics, {{"x-honeycomb-team", kClassic}}));
}

std::string rewritten(std::string_view json, const NamedDataset& dataset) {
  const std::string bytes = json_to_protobuf(Signal::logs, json).value();
  return protobuf_to_json(otlp::export_request(Signal::logs), with_dataset(bytes, dataset)).value();
}

TEST(HoneycombNamedDataset, IsAddedToTheResourcesItBelongsTo) {
  const std::string both = rewritten(R"({"resourceLogs":[
        {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"a"}}]},"scopeLogs":[{"logRecords":[{"body":{"stringValue":"one"}}]}]},
        {"scopeLogs":[{"logRecords":[{"body":{"stringValue":"two"}}]}]}]})",
                                     {.slug = "d", .only_nameless = true});
  EXPECT_EQ(both.find("meta.dataset"), both.rfind("meta.dataset")) << both;
  EXPECT_GT(both.find("meta.dataset"), both.find("\"one\"")) << both;
  EXPECT_NE(both.find("\"two\""), std::string::npos);
  const std::string all = rewritten(R"({"resourceLogs":[
        {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"a"}}]},"scopeLogs":[{"logRecords":[{"body":{"stringValue":"one"}}]}]}]})",
                                    {.slug = "d"});
  EXPECT_NE(all.find("service.name"), std::string::npos);
  EXPECT_NE(all.find("meta.dataset"), std::string::npos);
}

TEST(HoneycombNamedDataset, WhatDoesNotDecodeStaysAsItWas) {
  for (const std::string bytes : {"\x0a\x05", "\x0a\x02\x0a\x09", "\xff\xff", ""})
    EXPECT_EQ(with_dataset(bytes, {.slug = "d"}), bytes);
}

}  // namespace
}  // namespace clew::honeycomb
