// Documents into the store and out of it again: what comes back equals what was sent.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocols/xray/stored_documents.h"

namespace clew::xray {
namespace {

using testing::parsed;
using testing::StoredDocuments;

constexpr const char* kTrace = "1-5759e988-bd862e3fe1be46a994272793";

// One member, or a few, in a segment or in a subsegment inside one.
std::string segment_with(std::string_view members) {
  return R"({"trace_id":"1-5759e988-bd862e3fe1be46a994272793","id":"70de5b6f19ff9a0a","name":"shop",)"
         R"("start_time":1478293361.271,"end_time":1478293361.449)" +
         std::string(members) + "}";
}
std::string subsegment_with(std::string_view members) {
  return segment_with(R"(,"subsegments":[{"id":"53995c3f42cd8ad8","name":"call","start_time":1478293361.3,)"
                      R"("end_time":1478293361.4)" +
                      std::string(members) + "}]");
}

const char* const kMembers[] = {
    "",
    R"(,"parent_id":"53995c3f42cd8ad9")",
    R"(,"parent_id":"53995C3F42CD8AD9")",
    R"(,"parent_id":"0000000000000000")",
    R"(,"parent_id":null)",
    R"(,"in_progress":false)",
    R"(,"in_progress":true)",
    R"(,"in_progress":"no")",
    R"(,"type":"segment")",
    R"(,"http":{})",
    R"(,"http":{"request":{},"response":null})",
    R"(,"http":"none")",
    R"(,"http":{"request":{"method":"get","url":"https://api.example.com/x?y","user_agent":"UA","client_ip":)"
    R"("1.2.3.4, 5.6.7.8","x_forwarded_for":true,"traced":true,"extra":[1]},"response":{"status":200,)"
    R"("content_length":-1}})",
    R"(,"http":{"request":{"method":""},"response":{"status":"200","content_length":"17"}})",
    R"(,"http":{"response":{"status":200.5,"content_length":18446744073709551615}})",
    R"(,"sql":{"url":"jdbc:postgresql://host:5432/db","connection_string":"x","sanitized_query":"SELECT ?",)"
    R"("database_type":"PostgreSQL","database_version":"9.5","driver_version":"4","user":"u","preparation":"call"})",
    R"(,"user":"alice","origin":"AWS::ECS::Fargate","resource_arn":"arn:aws:x","namespace":"remote")",
    R"(,"namespace":"aws","aws":{"operation":"GetItem","region":"us-east-1","request_id":"R","id_2":"i","retries":2,)"
    R"("account_id":"123","table_name":"t","table_names":["t","u"],"queue_url":"q","topic_arn":"ta","bucket_name":)"
    R"("b","key":"k","function_name":"f","stream_name":"s","consumed_capacity":[{"CapacityUnits":0.5}]})",
    R"(,"aws":{"xray":{"sdk":"X-Ray for Python","sdk_version":"2.15.0","sampling_rule_name":"Default","rule_name":)"
    R"("D","auto_instrumentation":false},"ec2":{"instance_id":"i-1","instance_size":"t2","ami_id":"a",)"
    R"("availability_zone":"us-east-1a"},"ecs":{"container":"c","container_id":"d","container_arn":"e",)"
    R"("task_arn":"f","task_family":"g","cluster_arn":"h","launch_type":"FARGATE"},"eks":{"cluster_name":"c",)"
    R"("pod":"p","container_id":"x"},"elastic_beanstalk":{"environment_name":"e","version_label":"v",)"
    R"("deployment_id":32},"cloudwatch_logs":[{"log_group":"g","arn":"a"}]})",
    R"(,"service":{"version":"1.0","runtime":"CPython","runtime_version":"3.11.7","compiler":"gcc","name":"n"})",
    R"(,"fault":true,"error":false,"throttle":true)",
    R"(,"fault":1,"error":null)",
    R"(,"fault":true,"cause":{"working_directory":"/app","paths":["/lib"],"exceptions":[{"id":"ead3d5b8a8b8c8d8",)"
    R"("message":"boom","type":"ValueError","remote":false,"truncated":0,"skipped":1,"cause":"aad3d5b8a8b8c8d8",)"
    R"("stack":[{"path":"a.py","line":7,"label":"f"},{"path":"b.py","line":8,"label":"g"}]},{"id":"1"}]})",
    R"(,"fault":true,"cause":"ead3d5b8a8b8c8d8")",
    R"(,"cause":{"id":"ead3d5b8a8b8c8d8","exceptions":[]})",
    R"(,"cause":null)",
    R"(,"annotations":{})",
    R"(,"annotations":{"text":"t","empty":"","whole":3,"real":0.25,"large":9223372036854775807,"yes":true,"no":false})",
    R"(,"annotations":{"null":null,"list":[1],"object":{"a":1},"beyond":18446744073709551615,"whole":3.0})",
    R"(,"annotations":{"http.request.method":"mine","aws.xray.form":"mine","service.name":"mine","SampleRate":7},)"
    R"("http":{"request":{"method":"GET"}})",
    R"(,"annotations":{"name":"n","duration_ns":5,"error":true,"trace.trace_id":"x","a b":"blank","ä":"ö","":"none"})",
    R"(,"annotations":[1])",
    R"(,"metadata":{"default":{"a":[1,{"b":null}]},"other":3})",
    R"(,"metadata":"text")",
    R"(,"metadata":null)",
    R"(,"precursor_ids":["53995c3f42cd8ad7"])",
    R"(,"links":[{"trace_id":"1-5759e988-bd862e3fe1be46a994272794","id":"53995c3f42cd8ad7","attributes":{"a":1}}])",
    R"(,"links":[{"trace_id":7},"x"])",
    R"(,"subsegments":[])",
    R"(,"subsegments":null)",
    R"(,"unknown":{"deep":[[[{"a":1e-7}]]]},"notTraced":false,"inferred":true)",
};

TEST(Translation, EveryMemberOfASegmentComesBack) {
  StoredDocuments stored("segment");
  // Each in a trace of its own.
  std::vector<std::pair<std::string, std::string>> sent;
  for (const char* members : kMembers) {
    std::string id = kTrace;
    id.replace(id.size() - 4, 4, std::to_string(1000 + sent.size()));
    std::string document = segment_with(members);
    document.replace(document.find(kTrace), id.size(), id);
    sent.emplace_back(id, document);
    stored.put({document});
  }
  for (const bool reopened : {false, true}) {
    if (reopened) stored.reopen();
    for (const auto& [id, document] : sent) {
      const std::vector<JsonValue> back = stored.segments(id);
      ASSERT_EQ(back.size(), 1u) << document;
      EXPECT_EQ(back[0], parsed(document)) << back[0].text() << "\n" << document;
    }
  }
}

TEST(Translation, EveryMemberOfASubsegmentComesBack) {
  StoredDocuments stored("subsegment");
  std::vector<std::pair<std::string, std::string>> sent;
  for (const char* members : kMembers) {
    std::string id = kTrace;
    id.replace(id.size() - 4, 4, std::to_string(1000 + sent.size()));
    std::string document = subsegment_with(members);
    document.replace(document.find(kTrace), id.size(), id);
    sent.emplace_back(id, document);
    stored.put({document});
  }
  for (const auto& [id, document] : sent) {
    const std::vector<JsonValue> back = stored.segments(id);
    ASSERT_EQ(back.size(), 1u) << document;
    EXPECT_EQ(back[0], parsed(document)) << back[0].text() << "\n" << document;
  }
}

TEST(Translation, TimesComeBackExactly) {
  for (const char* times : {
           R"("start_time":1795221733.0977516,"end_time":1795221733.108293)",
           R"("start_time":1.478293361271E9,"end_time":1478293362)",
           R"("start_time":1478293361,"end_time":1478293361.000000001)",
           R"("start_time":0,"end_time":0)",
           R"("start_time":-5.5,"end_time":3)",
           R"("start_time":1e300,"end_time":1e301)",
           R"("start_time":1478293361.5,"end_time":1478293361.25)",
           R"("start_time":1478293361.5,"end_time":1478293361.5)",
           R"("start_time":1478293361.5,"in_progress":true)",
           R"("start_time":1478293361.5,"end_time":null,"in_progress":true)",
           R"("start_time":1478293361.5,"end_time":1478293361.5,"in_progress":true)",
       }) {
    StoredDocuments stored("times");
    const std::string document =
        R"({"trace_id":"1-5759e988-bd862e3fe1be46a994272793","id":"70de5b6f19ff9a0a","name":"shop",)" +
        std::string(times) + "}";
    stored.put({document});
    const std::vector<JsonValue> back = stored.segments(kTrace);
    ASSERT_EQ(back.size(), 1u) << document;
    EXPECT_EQ(back[0], parsed(document)) << back[0].text() << "\n" << document;
  }
}

TEST(Translation, ADocumentOfPythonComesBack) {
  const char* document =
      R"({"id":"b1492cc6c59f5209","name":"Cruddur","start_time":1795221733.0977516,"parent_id":"53995c3f42cd8ad8",)"
      R"("in_progress":false,"http":{"request":{"url":"http://localhost:4567/api/home","method":"GET","user_agent":"UA",)"
      R"("client_ip":"1.2.3.4, 5.6.7.8","x_forwarded_for":true},"response":{"status":200,"content_length":9}},"aws":)"
      R"({"xray":{"sdk":"X-Ray for Python","sdk_version":"2.15.0","sampling_rule_name":"Default"}},"subsegments":[)"
      R"({"id":"7767109c7eb6142a","name":"dynamodb","start_time":1795221733.1018074,"parent_id":"b1492cc6c59f5209",)"
      R"("in_progress":false,"http":{"response":{"status":200}},"aws":{"operation":"ListTables","region":"us-east-1",)"
      R"("request_id":"1111","limit":3},"trace_id":"1-5759e988-bd862e3fe1be46a994272793","type":"subsegment",)"
      R"("namespace":"aws","end_time":1795221733.105213}],"trace_id":"1-5759e988-bd862e3fe1be46a994272793","service":)"
      R"({"runtime":"CPython","runtime_version":"3.11.7"},"end_time":1795221733.108293})";
  StoredDocuments stored("python");
  stored.put({document});
  const std::vector<JsonValue> back = stored.segments(kTrace);
  ASSERT_EQ(back.size(), 1u);
  EXPECT_EQ(back[0], parsed(document)) << back[0].text();
}

TEST(Translation, SubsegmentsKeepTheirOrderAndTheirDepth) {
  // Sent neither in the order of start nor of id.
  std::string nested = R"({"id":"00000000000000ff","name":"deepest","start_time":1,"end_time":2})";
  for (int depth = 0; depth < 40; ++depth) {
    nested = R"({"id":")" + SpanId{{0, 0, 0, 0, 0, 0, 1, static_cast<uint8_t>(depth)}}.to_hex() +
             R"(","name":"n","start_time":1,"end_time":2,"subsegments":[)" + nested + "]}";
  }
  const std::string document =
      segment_with(R"(,"subsegments":[{"id":"00000000000000aa","name":"b","start_time":9,"end_time":9.5},)" +
                   nested + R"(,{"id":"0000000000000002","name":"a","start_time":9,"end_time":9.5}])");
  StoredDocuments stored("order");
  stored.put({document});
  const std::vector<JsonValue> back = stored.segments(kTrace);
  ASSERT_EQ(back.size(), 1u);
  EXPECT_EQ(back[0], parsed(document)) << back[0].text();
}

constexpr const char* kAlone =
    R"({"trace_id":"1-5759e988-bd862e3fe1be46a994272793","id":"53995c3f42cd8ad8","parent_id":"70de5b6f19ff9a0a",)"
    R"("type":"subsegment","name":"call","namespace":"remote","start_time":1478293361.3,"end_time":1478293361.4})";

TEST(Translation, ASubsegmentSentOnItsOwnHangsBelowItsParentInWhateverOrderTheyCame) {
  const std::string parent = segment_with(
      R"(,"subsegments":[{"id":"53995c3f42cd8ad7","name":"inline","start_time":1478293361.35,"end_time":1478293361.4}])");
  for (const bool parent_first : {true, false}) {
    StoredDocuments stored("alone");
    stored.put({parent_first ? parent : std::string(kAlone)});
    stored.put({parent_first ? std::string(kAlone) : parent});
    const std::vector<JsonValue> back = stored.segments(kTrace);
    ASSERT_EQ(back.size(), 1u);
    JsonValue expected = parsed(parent);
    expected["subsegments"].array()->push_back(parsed(kAlone));
    EXPECT_EQ(back[0], expected) << back[0].text();
  }
}

TEST(Translation, ASubsegmentWithoutItsParentStandsAlone) {
  StoredDocuments stored("orphan");
  stored.put({kAlone});
  const std::vector<JsonValue> back = stored.segments(kTrace);
  ASSERT_EQ(back.size(), 1u);
  EXPECT_EQ(back[0], parsed(kAlone)) << back[0].text();
}

TEST(Translation, ACompletedSegmentReplacesTheOneInProgressInWhateverOrderTheyCame) {
  const std::string begun =
      R"({"trace_id":"1-5759e988-bd862e3fe1be46a994272793","id":"70de5b6f19ff9a0a","name":"shop",)"
      R"("start_time":1478293361.271,"in_progress":true,"annotations":{"early":true},"subsegments":[)"
      R"({"id":"53995c3f42cd8ad8","name":"call","start_time":1478293361.3,"in_progress":true}]})";
  const std::string done = subsegment_with(R"(,"annotations":{"late":true})");
  for (const bool begun_first : {true, false}) {
    StoredDocuments stored("progress");
    stored.put({begun_first ? begun : done});
    stored.put({begun_first ? done : begun});
    const std::vector<JsonValue> back = stored.segments(kTrace);
    ASSERT_EQ(back.size(), 1u);
    EXPECT_EQ(back[0], parsed(done)) << back[0].text();
    // Other views have the trace without them too.
    EXPECT_EQ(stored.trace(kTrace).spans.size(), 2u);
  }
}

TEST(Translation, ADocumentSentTwiceIsThereOnce) {
  StoredDocuments stored("twice");
  const std::string document =
      subsegment_with(R"(,"fault":true,"cause":{"exceptions":[{"id":"1","message":"m"}]})");
  stored.put({document});
  stored.put({document});
  const std::vector<JsonValue> back = stored.segments(kTrace);
  ASSERT_EQ(back.size(), 1u);
  EXPECT_EQ(back[0], parsed(document)) << back[0].text();
}

TEST(Translation, TheDownstreamSegmentStaysASegmentOfItsOwn) {
  StoredDocuments stored("downstream");
  const std::string upstream = subsegment_with(R"(,"namespace":"remote")");
  const std::string downstream =
      R"({"trace_id":"1-5759e988-bd862e3fe1be46a994272793","id":"aaaaaaaaaaaaaaaa","name":"stock",)"
      R"("parent_id":"53995c3f42cd8ad8","start_time":1478293361.32,"end_time":1478293361.38})";
  stored.put({downstream, upstream});
  const std::vector<JsonValue> back = stored.segments(kTrace);
  ASSERT_EQ(back.size(), 2u);
  EXPECT_EQ(back[0], parsed(upstream)) << back[0].text();
  EXPECT_EQ(back[1], parsed(downstream)) << back[1].text();
}

std::string text_of(const query::AttributeLists& lists, size_t row, std::string_view name) {
  for (const query::Attribute& one : lists.of(row)) {
    if (one.name != name) continue;
    if (const auto* text = std::get_if<std::string_view>(&one.value)) return std::string(*text);
    if (const auto* number = std::get_if<int64_t>(&one.value)) return std::to_string(*number);
  }
  return {};
}

TEST(Translation, OtherViewsSeeSpansAsOpenTelemetryDescribesThem) {
  StoredDocuments stored("views");
  stored.put(
      {kAlone,
       segment_with(
           R"(,"links":[{"trace_id":"1-5759e988-bd862e3fe1be46a994272794","id":"53995c3f42cd8ad7"}],)"
           R"("http":{"request":{"method":"GET","url":"http://a/b"},"response":{"status":502}},)"
           R"("annotations":{"tenant":"t1"},"fault":true,"cause":{"exceptions":[{"id":"1","type":"E","message":)"
           R"("m","stack":[{"path":"a.py","line":7,"label":"f"}]}]},"service":{"version":"3"},)"
           R"("origin":"AWS::ECS::Fargate")")});
  const query::Trace trace = stored.trace(kTrace);
  const query::TraceSpans& spans = trace.spans;
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans.names[0], "shop");
  EXPECT_EQ(spans.kinds[0], "server");
  EXPECT_EQ(spans.status_codes[0], 2);
  EXPECT_EQ(text_of(spans.attributes, 0, "status_message"), "m");
  EXPECT_EQ(text_of(spans.attributes, 0, "http.request.method"), "GET");
  EXPECT_EQ(text_of(spans.attributes, 0, "http.response.status_code"), "502");
  EXPECT_EQ(text_of(spans.attributes, 0, "url.full"), "http://a/b");
  EXPECT_EQ(text_of(spans.attributes, 0, "tenant"), "t1");
  EXPECT_EQ(text_of(trace.origins, spans.origins[0], "service.version"), "3");
  EXPECT_EQ(text_of(trace.origins, spans.origins[0], "cloud.platform"), "aws_ecs");
  EXPECT_EQ(spans.kinds[1], "client");
  EXPECT_EQ(spans.parents[1], 0u);
  // Its segment was in the same batch.
  EXPECT_EQ(spans.services[1], "shop");
  ASSERT_EQ(trace.events.size(), 1u);
  EXPECT_EQ(trace.events.names[0], "exception");
  EXPECT_EQ(text_of(trace.events.attributes, 0, "exception.stacktrace"), "    at f (a.py:7)");
  ASSERT_EQ(trace.links.size(), 1u);
}

}  // namespace
}  // namespace clew::xray
