// PutTraceSegments as clients call it, over a real store.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/store_exporter.h"
#include "protocols/served_router.h"
#include "protocols/xray/api.h"
#include "protocols/xray/stored_documents.h"

namespace clew::xray {
namespace {

using testing::parsed;
using testing::StoredDocuments;

class EveryoneIsAdmitted : public control::Access {
 public:
  Result<EnvironmentId> admit(std::optional<std::string_view>) const override { return kDefaultEnvironment; }
};

class XrayPutTraceSegments : public ::testing::Test {
 protected:
  net::Response call(std::string_view path, const std::string& body) {
    return served_.ask({.method = "POST", .target = std::string(path), .headers = {}, .body = body});
  }
  // Each text is one document.
  net::Response put(const std::vector<std::string>& documents) {
    JsonValue::Array texts;
    for (const std::string& one : documents) texts.push_back(JsonValue(one));
    JsonValue body;
    body["TraceSegmentDocuments"] = JsonValue(std::move(texts));
    return call("/TraceSegments", body.text());
  }

  StoredDocuments stored_{"put"};
  pipeline::StoreExporter exporter_{stored_.storage()};
  EveryoneIsAdmitted access_;
  Arrivals arrivals_;
  Api api_{ApiOptions{Services{
      .storage = &stored_.storage(), .consumer = &exporter_, .access = &access_, .arrivals = &arrivals_}}};
  Router router_ = [this] {
    Router router;
    api_.register_routes(router);
    return router;
  }();
  clew::testing::ServedRouter served_{router_};
};

constexpr const char* kTrace = "1-5759e988-bd862e3fe1be46a994272793";

std::string document(std::string_view members) {
  return "{" + std::string(members) + "}";
}

TEST_F(XrayPutTraceSegments, TakesTheGoodOnesAndSaysOfEachOtherWhatIsWrong) {
  const std::string start = R"("start_time":1478293361.271,)";
  const std::string times = start + R"("end_time":1478293361.449)";
  const std::string trace = R"("trace_id":"1-5759e988-bd862e3fe1be46a994272793",)";
  const std::string id = R"("id":"70de5b6f19ff9a0a",)";
  const std::string name = R"("name":"shop",)";
  const std::string good = document(trace + id + name + times);
  struct Case {
    std::string text;
    const char* code;
    bool has_id;
  };
  const std::vector<Case> cases = {
      {"", "JSONFormatError", false},
      {"[]", "JSONFormatError", false},
      {"{\"id\":", "JSONFormatError", false},
      {std::string(300, '[') + std::string(300, ']'), "JSONFormatError", false},
      {document(trace + name + times), "MissingId", false},
      {document(trace + R"("id":null,)" + name + times), "MissingId", false},
      {document(trace + R"("id":"70de5b6f19ff9a0",)" + name + times), "InvalidId", true},
      {document(trace + R"("id":"70de5b6f19ff9a0g",)" + name + times), "InvalidId", true},
      {document(trace + R"("id":"0000000000000000",)" + name + times), "InvalidId", true},
      {document(trace + R"("id":7,)" + name + times), "InvalidId", false},
      {document(trace + id + times), "MissingName", true},
      {document(trace + id + R"("name":"",)" + times), "InvalidName", true},
      {document(trace + id + R"("name":{},)" + times), "InvalidName", true},
      {document(trace + id + R"("name":")" + std::string(1000, 'n') + "\"," + times), "InvalidName", true},
      {document(id + name + times), "MissingTraceId", true},
      {document(R"("trace_id":"1-5759e988-bd862e3fe1be46a99427279",)" + id + name + times), "InvalidTraceId",
       true},
      {document(R"("trace_id":"2-5759e988-bd862e3fe1be46a994272793",)" + id + name + times), "InvalidTraceId",
       true},
      {document(R"("trace_id":"1-00000000-000000000000000000000000",)" + id + name + times), "InvalidTraceId",
       true},
      {document(R"("trace_id":5,)" + id + name + times), "InvalidTraceId", true},
      {document(trace + id + name + R"("end_time":1)"), "MissingStartTime", true},
      {document(trace + id + name + R"("start_time":"1","end_time":1)"), "InvalidStartTime", true},
      {document(trace + id + name + R"("start_time":1)"), "MissingEndTime", true},
      {document(trace + id + name + R"("start_time":1,"in_progress":false)"), "MissingEndTime", true},
      {document(trace + id + name + R"("start_time":1,"end_time":"2")"), "InvalidEndTime", true},
      {document(trace + id + name + R"("type":"subsegment",)" + times), "MissingParentId", true},
      {document(trace + id + name + R"("parent_id":"x",)" + times), "InvalidParentId", true},
      {document(trace + id + name + times + R"(,"subsegments":{})"), "InvalidSubsegment", true},
      {document(trace + id + name + times + R"(,"subsegments":[1])"), "InvalidSubsegment", true},
      {document(trace + id + name + times + R"(,"subsegments":[{"name":"x",)" + times + "}]"), "MissingId",
       true},
      {document(trace + id + name + times + R"(,"subsegments":[{)" + id + name + times + "}]"), "InvalidId",
       true},
      {document(trace + id + name + times + R"(,"metadata":{"d":{"x":")" + std::string(1 << 20, 'x') +
                R"("}})"),
       "InvalidSegment", false},
  };
  std::vector<std::string> sent;
  for (const Case& one : cases) sent.push_back(one.text);
  sent.insert(sent.begin() + 3, good);

  const net::Response response = put(sent);
  ASSERT_EQ(response.status, 200) << response.body;
  const JsonValue answer = parsed(response.body);
  const JsonValue::Array& unprocessed = *answer.find("UnprocessedTraceSegments")->array();
  ASSERT_EQ(unprocessed.size(), cases.size());
  for (size_t i = 0; i < cases.size(); ++i) {
    const std::string message = *unprocessed[i].find("Message")->string();
    EXPECT_EQ(*unprocessed[i].find("ErrorCode")->string(), cases[i].code) << message;
    EXPECT_EQ(unprocessed[i].find("Id") != nullptr, cases[i].has_id) << message;
    EXPECT_THAT(message, ::testing::HasSubstr(std::string("ErrorCode: ") + cases[i].code + ", Cause: "));
  }
  const std::vector<JsonValue> back = stored_.segments(kTrace);
  ASSERT_EQ(back.size(), 1u);
  EXPECT_EQ(back[0], parsed(good));
}

TEST_F(XrayPutTraceSegments, AnswersWhatWasAllTakenWithAnEmptyList) {
  const net::Response response = put({document(
      R"("trace_id":"5759e988bd862e3fe1be46a994272793","id":"70de5b6f19ff9a0a","name":"x","start_time":1,"end_time":2)")});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"UnprocessedTraceSegments":[]})");
  EXPECT_EQ(net::find_header(response.headers, "content-type"), "application/json");
  EXPECT_EQ(net::find_header(response.headers, "x-amzn-requestid")->size(), 36u);
  EXPECT_EQ(stored_.segments(kTrace).size(), 1u);
}

TEST_F(XrayPutTraceSegments, ABatchLargerThanThatOfAwsIsTaken) {
  std::vector<std::string> documents;
  for (int i = 0; i < 500; ++i) {
    documents.push_back(document(R"("trace_id":"1-5759e988-bd862e3fe1be46a994272793","id":"70de5b6f19ff)" +
                                 std::to_string(1000 + i) + R"(","name":"x","start_time":1,"end_time":2)"));
  }
  EXPECT_EQ(put(documents).body, R"({"UnprocessedTraceSegments":[]})");
  EXPECT_EQ(stored_.segments(kTrace).size(), 500u);
}

TEST_F(XrayPutTraceSegments, ErrorsHaveTheShapesThatSdksLookFor) {
  struct Case {
    const char* path;
    const char* body;
    const char* type;
    int status;
  };
  for (const Case& one : {
           Case{"/TraceSegments", "{}", "InvalidRequestException", 400},
           Case{"/TraceSegments", R"({"TraceSegmentDocuments":"x"})", "InvalidRequestException", 400},
           Case{"/TraceSegments", "", "InvalidRequestException", 400},
           Case{"/TraceSegments", "{", "SerializationException", 400},
           Case{"/TraceSegments", "[]", "SerializationException", 400},
           Case{"/TelemetryRecords", "{}", "InvalidRequestException", 400},
       }) {
    const net::Response response = call(one.path, one.body);
    EXPECT_EQ(response.status, one.status) << one.path << one.body;
    EXPECT_EQ(net::find_header(response.headers, "x-amzn-errortype"), one.type) << response.body;
    const JsonValue body = parsed(response.body);
    EXPECT_EQ(*body.find("__type")->string(), one.type);
    EXPECT_NE(body.find("Message"), nullptr);
    EXPECT_EQ(*body.find("Message"), *body.find("message"));
  }
}

TEST_F(XrayPutTraceSegments, TelemetryOfDaemonsIsTaken) {
  const net::Response response = call(
      "/TelemetryRecords",
      R"({"TelemetryRecords":[{"Timestamp":1478293361,"SegmentsReceivedCount":5,"SegmentsSpilloverCount":-1,)"
      R"("BackendConnectionErrors":{"TimeoutCount":1}},7],"Hostname":"h"})");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{}");
}

}  // namespace
}  // namespace clew::xray
