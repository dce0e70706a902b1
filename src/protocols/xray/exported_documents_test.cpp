#include "protocols/xray/exported_documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_value.h"
#include "protocols/xray/segment_document.h"
#include "protocols/xray/segment_to_otlp.h"
#include "telemetry/otlp_json.h"

namespace clew::xray {
namespace {

constexpr const char* kIds = R"("traceId":"5759e988bd862e3fe1be46a994272793","spanId":"53995c3f42cd8ad8")";

std::string text(const std::string& key, const std::string& value) {
  return R"({"key":")" + key + R"(","value":{"stringValue":")" + value + R"("}})";
}

std::string request_of(const std::string& span, const std::string& resource = "") {
  return json_to_protobuf(Signal::traces, R"({"resourceSpans":[{"resource":{"attributes":[)" + resource +
                                              R"(]},"scopeSpans":[{"spans":[{)" + span + "}]}]}]}")
      .value();
}

JsonValue document_of(const std::string& request, const ExportOptions& options = {}) {
  const ExportedDocuments exported = exported_documents(request, options).value();
  EXPECT_EQ(exported.documents.size(), 1U);
  return parse_json(exported.documents.at(0).text).value();
}

TEST(ExportedDocuments, OneForEachSpan) {
  const std::string request =
      request_of(std::string(kIds) + R"(,"kind":3,"parentSpanId":"0102030405060708","name":"call",
      "startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000001500000000","status":{"code":2},
      "attributes":[)" +
                     text("server.address", "bank <eu>") + "," + text("a b", "1") + "," + text("c", "2") +
                     R"(],"events":[{"name":"exception","attributes":[)" + text("exception.type", "E") +
                     R"(]},{"name":"x"}])",
                 text("service.name", "shop"));
  ExportOptions options;
  options.annotations.names = {"a b", "otel.resource.service.name"};
  options.log_groups = {"g"};
  EXPECT_EQ(document_of(request, options),
            parse_json(R"({"id":"53995c3f42cd8ad8","name":"bank eu","type":"subsegment",
      "trace_id":"1-5759e988-bd862e3fe1be46a994272793","parent_id":"0102030405060708","namespace":"remote",
      "start_time":1700000000,"end_time":1700000001.5,"fault":true,
      "cause":{"exceptions":[{"id":"e0005c3f42cd8ad8","type":"E"}]},
      "aws":{"cloudwatch_logs":[{"log_group":"g"}]},
      "annotations":{"a_b":"1","otel.resource.service.name":"shop"},
      "metadata":{"default":{"c":"2","server.address":"bank <eu>"}}})")
                .value())
      << document_of(request, options).text();
}

TEST(ExportedDocuments, AllAttributesIndexed) {
  ExportOptions options;
  options.annotations.all = true;
  const JsonValue document =
      document_of(request_of(std::string(kIds) + R"(,"attributes":[)" + text("c", "2") + "]"), options);
  EXPECT_EQ(document.find("annotations")->text(), R"({"c":"2"})");
}

TEST(ExportedDocuments, LogGroupsOfTheResourceComeFirst) {
  ExportOptions options;
  options.log_groups = {"g"};
  const JsonValue document = document_of(
      request_of(
          kIds, R"({"key":"aws.log.group.names","value":{"arrayValue":{"values":[{"stringValue":"own"}]}}})"),
      options);
  EXPECT_EQ(document.find("aws")->text(), R"({"cloudwatch_logs":[{"log_group":"own"}]})");
}

TEST(ExportedDocuments, NamesThatXRayTakes) {
  struct Case {
    std::string name, expected;
  };
  for (const Case& one : {Case{"GET /a?b", "GET /ab"}, Case{"", "span"}, Case{"<>", "span"},
                          Case{"käse", "käse"}, Case{std::string(300, 'x'), std::string(200, 'x')},
                          Case{std::string(199, 'x') + "ä", std::string(199, 'x')}}) {
    EXPECT_EQ(
        *document_of(request_of(std::string(kIds) + R"(,"name":")" + one.name + '"')).find("name")->string(),
        one.expected);
  }
}

TEST(ExportedDocuments, DocumentsGoOutAsTheyCame) {
  const char* sent =
      R"({"trace_id":"1-5759e988-bd862e3fe1be46a994272793","id":"53995c3f42cd8ad8","name":"web",
      "start_time":1700000000.25,"end_time":1700000001,"annotations":{"k":1},"own":{"x":[1]},
      "subsegments":[{"id":"53995c3f42cd8ad9","name":"db","start_time":1700000000.5,"end_time":1700000000.75,
      "sql":{"url":"u"}}]})";
  const auto read = read_segment_document(sent);
  const std::string otlp = segments_to_otlp({&std::get<SegmentDocument>(read), 1}).otlp;
  const ExportedDocuments exported = exported_documents(otlp, {}).value();
  ASSERT_EQ(exported.documents.size(), 2U);
  JsonValue segment = parse_json(sent).value();
  segment.take("subsegments");
  EXPECT_EQ(parse_json(exported.documents[0].text).value(), segment);
  EXPECT_EQ(
      parse_json(exported.documents[1].text).value(),
      parse_json(R"({"id":"53995c3f42cd8ad9","name":"db","start_time":1700000000.5,"end_time":1700000000.75,
      "sql":{"url":"u"},"type":"subsegment","trace_id":"1-5759e988-bd862e3fe1be46a994272793",
      "parent_id":"53995c3f42cd8ad8"})")
          .value())
      << exported.documents[1].text;
}

TEST(ExportedDocuments, AttributesOfOursThatOthersMade) {
  for (const char* remainder : {"5", "[]", "null", "{", R"({\"id\":5,\"aws\":7})"}) {
    const std::string request =
        request_of(std::string(kIds) + R"(,"attributes":[)" + text("aws.xray.form", "inline trace_id") + "," +
                   text("aws.xray.remainder", remainder) + "]");
    EXPECT_EQ(*document_of(request, {.annotations = {}, .log_groups = {"g"}}).find("trace_id")->string(),
              "1-5759e988-bd862e3fe1be46a994272793")
        << remainder;
  }
}

TEST(ExportedDocuments, SpansWithoutIds) {
  const ExportedDocuments exported = exported_documents(request_of(R"("name":"nobody")"), {}).value();
  EXPECT_EQ(exported.without_ids, 1U);
  EXPECT_TRUE(exported.documents.empty());
}

TEST(ExportedDocuments, TooMuchAndMalformed) {
  const std::string request = request_of(std::string(kIds), text("big", std::string(1000, 'x')));
  EXPECT_EQ(exported_documents(request, {}, 500).status().kind(), ErrorKind::too_large);
  EXPECT_EQ(exported_documents("\x0a\x05zz", {}).status().kind(), ErrorKind::bad_input);
}

}  // namespace
}  // namespace clew::xray
