#include "protocols/xray/trace_model.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "protocols/xray/root_causes.h"
#include "protocols/xray/stored_documents.h"

namespace clew::xray {
namespace {

TraceModel model_of(std::initializer_list<std::string_view> documents) {
  std::vector<JsonValue> all;
  for (const std::string_view text : documents) all.push_back(testing::parsed(text));
  return TraceModel(std::move(all));
}

std::string root_of(const TraceModel& trace) {
  return trace.root() ? std::string(trace.entity(*trace.root()).name) : "none";
}

TEST(TraceModel, the_root_is_the_earliest_segment_without_a_parent_else_with_an_unknown_one) {
  EXPECT_EQ(root_of(model_of({})), "none");
  EXPECT_EQ(root_of(model_of({R"({"id":"1","name":"late","start_time":2,"end_time":3})",
                              R"({"id":"2","name":"early","start_time":1,"end_time":3})",
                              R"({"id":"3","parent_id":"9","name":"lost","start_time":0,"end_time":3})"})),
            "early");
  EXPECT_EQ(root_of(model_of({R"({"id":"2","parent_id":"9","name":"b","start_time":2,"end_time":3})",
                              R"({"id":"3","parent_id":"8","name":"a","start_time":1,"end_time":3})"})),
            "a");
  EXPECT_EQ(
      root_of(model_of(
          {R"({"id":"2","parent_id":"9","type":"subsegment","name":"b","start_time":2,"end_time":3})"})),
      "none");
}

TEST(TraceModel, subsegments_on_their_own_belong_to_the_segment_above_them) {
  const TraceModel trace =
      model_of({R"({"id":"3","parent_id":"2","type":"subsegment","name":"c","start_time":2,"end_time":3})",
                R"({"id":"2","parent_id":"1","type":"subsegment","name":"b","start_time":2,"end_time":4})",
                R"({"id":"1","name":"a","start_time":1,"end_time":2})"});
  ASSERT_EQ(trace.segments().size(), 1u);
  EXPECT_EQ(trace.members_of(trace.segments()[0]).size(), 3u);
  EXPECT_EQ(trace.end(), 4);
}

TEST(TraceModel, calls_that_nobody_answers_make_inferred_segments) {
  const TraceModel trace = model_of(
      {R"({"id":"0000000000000001","name":"a","start_time":1,"end_time":9,"subsegments":[
    {"id":"0000000000000002","name":"dynamodb","namespace":"aws","start_time":2,"end_time":3,"aws":{"table_name":"t"},"throttle":true},
    {"id":"0000000000000003","name":"sqs","namespace":"aws","start_time":3,"end_time":4,"aws":{"queue_url":"https://sqs/1/q"}},
    {"id":"0000000000000004","name":"ssm","namespace":"aws","start_time":4,"end_time":5},
    {"id":"0000000000000005","name":"db@host","namespace":"remote","start_time":5,"end_time":6,"sql":{}},
    {"id":"0000000000000006","name":"host","namespace":"remote","start_time":6,"end_time":7},
    {"id":"0000000000000007","name":"b","namespace":"remote","start_time":7,"end_time":8},
    {"id":"0000000000000008","name":"local","namespace":"local","start_time":8,"end_time":9}]})",
       R"({"id":"0000000000000009","parent_id":"0000000000000007","name":"b","start_time":7,"end_time":8})"});
  std::string inferred;
  for (const uint32_t segment : trace.segments()) {
    const NodeId node = trace.node_of(segment);
    if (trace.entity(segment).inferred)
      inferred += fmt::format("{} {} {}, ", trace.entity(segment).name, node.name, node.type);
  }
  EXPECT_EQ(inferred,
            "DynamoDB t AWS::DynamoDB::Table, SQS q AWS::SQS::Queue, ssm ssm AWS::ssm, db@host db@host "
            "Database::SQL, "
            "host host remote, ");
  EXPECT_EQ(trace.documents().size(), 7u);
}

TEST(TraceModel, broken_traces_end) {
  const TraceModel ring =
      model_of({R"({"id":"1","parent_id":"2","name":"a","start_time":1,"end_time":2,"fault":true})",
                R"({"id":"2","parent_id":"1","name":"b","start_time":1,"end_time":2,"fault":true})",
                R"({"id":"3","parent_id":"3","name":"c","start_time":1,"end_time":0,"fault":true})"});
  EXPECT_EQ(ring.segments().size(), 3u);
  for (const CauseKind kind : {CauseKind::fault, CauseKind::error, CauseKind::response_time})
    (void)root_causes(ring, kind);
  const TraceModel empty =
      model_of({"{}", "[]", R"({"subsegments":[{},5]})", R"({"id":5,"start_time":"x","annotations":[]})"});
  EXPECT_EQ(empty.segments().size(), 4u);
}

TEST(RootCauses, the_cause_of_slowness_is_the_child_that_nothing_overlaps) {
  // Both halves of the time are covered twice but for one second: nothing alone is most of it.
  const TraceModel parallel = model_of({R"({"id":"1","name":"a","start_time":0,"end_time":10,"subsegments":[
    {"id":"2","name":"b","start_time":0,"end_time":9},{"id":"3","name":"c","start_time":1,"end_time":10}]})"});
  EXPECT_EQ(root_causes(parallel, CauseKind::response_time)[0].services[0].path.size(), 1u);
  const TraceModel serial = model_of({R"({"id":"1","name":"a","start_time":0,"end_time":10,"subsegments":[
    {"id":"2","name":"b","start_time":0,"end_time":7},{"id":"3","name":"c","start_time":6,"end_time":10}]})"});
  const auto path = root_causes(serial, CauseKind::response_time)[0].services[0].path;
  ASSERT_EQ(path.size(), 2u);
  EXPECT_EQ(path[1].name, "b");
  EXPECT_EQ(path[1].coverage, 0.6);
}

TEST(RootCauses, very_many_children_take_no_long_time) {
  std::string children;
  for (int i = 0; i < 10'000; ++i) {
    children += fmt::format(R"({}{{"id":"{}","name":"s","start_time":{},"end_time":{},"fault":true}})",
                            i == 0 ? "" : ",", i + 2, i, i + 5000);
  }
  const TraceModel trace =
      model_of({R"({"id":"1","name":"a","start_time":0,"end_time":15000,"fault":true,"subsegments":[)" +
                children + "]}"});
  EXPECT_EQ(root_causes(trace, CauseKind::fault).size(), 20u);
  EXPECT_EQ(root_causes(trace, CauseKind::response_time).size(), 1u);
}

}  // namespace
}  // namespace clew::xray
