// Runs tests/xray_filters/*.test; its README.md tells the form.
#include "protocols/xray/filter_expression.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "protocols/xray/filter_match.h"
#include "protocols/xray/filter_plan.h"
#include "protocols/xray/otlp_to_segment.h"
#include "protocols/xray/stored_documents.h"
#include "telemetry/otlp_json.h"

namespace clew::xray {
namespace {

constexpr double kStart = 1'767'225'600;  // 2026-01-01T00:00:00Z

struct Case {
  size_t line = 0;
  std::string expression;
  std::string expected;
};

struct Suite {
  std::map<std::string, std::vector<JsonValue>> traces;
  std::map<std::string, std::string> groups;
  std::vector<Case> cases;
};

std::string trace_id_of(const std::string& name) {
  std::string hex;
  for (const unsigned char c : name.substr(0, 12)) hex += fmt::format("{:02x}", c);
  hex.resize(24, '0');
  return "1-5759e988-" + hex;
}

// Numbers become ids, and times count from the start.
void complete(JsonValue& node) {
  for (const std::string_view id : {"id", "parent_id"}) {
    JsonValue* value = node.find(id);
    if (value != nullptr && value->integer() != nullptr)
      *value = JsonValue(fmt::format("{:016x}", *value->integer()));
  }
  for (const std::string_view time : {"start_time", "end_time"}) {
    JsonValue* value = node.find(time);
    if (value != nullptr && value->number()) *value = JsonValue(kStart + *value->number());
  }
  JsonValue* subsegments = node.find("subsegments");
  if (subsegments == nullptr) return;
  for (JsonValue& one : *subsegments->array()) complete(one);
}

Suite read_suite(const std::filesystem::path& path) {
  Suite suite;
  std::ifstream file(path);
  std::string line;
  for (size_t number = 1; std::getline(file, line); ++number) {
    std::istringstream words(line);
    std::string kind, name, rest;
    if (line.empty() || line[0] == '#') continue;
    if (line.starts_with("filter ")) {
      suite.cases.push_back({number, line.substr(7), {}});
      continue;
    }
    words >> kind;
    if (kind == "segment" || kind == "group") {
      words >> name >> std::ws;
      std::getline(words, rest);
      if (kind == "group") {
        suite.groups[name] = rest;
        continue;
      }
      JsonValue document = testing::parsed(rest);
      complete(document);
      document["trace_id"] = JsonValue(trace_id_of(name));
      suite.traces[name].push_back(std::move(document));
    } else {
      suite.cases.back().expected = line;
    }
  }
  return suite;
}

class FilterExpressions : public ::testing::Test {
 protected:
  void SetUp() override {
    suite_ = read_suite("tests/xray_filters/shop.test");
    std::vector<std::string> documents;
    for (const auto& [name, segments] : suite_.traces) {
      for (const JsonValue& segment : segments) documents.push_back(segment.text());
    }
    stored_.put(documents);
  }

  Result<FilterExpression> read(const std::string& text) const {
    CLEW_ASSIGN(FilterExpression expression, parse_filter_expression(text));
    CLEW_TRY(
        resolve_groups(expression, [&](const std::string& name, bool is_arn) -> std::optional<std::string> {
          std::string key = name;
          // arn:aws:xray:REGION:ACCOUNT:group/NAME/ID
          if (is_arn) key = name.substr(name.find('/') + 1, name.rfind('/') - name.find('/') - 1);
          const auto found = suite_.groups.find(key);
          return found == suite_.groups.end() ? std::nullopt : std::optional(found->second);
        }));
    return expression;
  }

  Suite suite_;
  testing::StoredDocuments stored_{"filters"};
};

std::set<std::string> words_of(const std::string& line) {
  std::istringstream words(line);
  std::set<std::string> all;
  for (std::string word; words >> word;) {
    if (word != "-") all.insert(word);
  }
  return all;
}

TEST_F(FilterExpressions, match_the_traces_they_should) {
  ASSERT_GE(suite_.cases.size(), 200u);
  std::map<std::string, TraceModel> written, read_back;
  for (const auto& [name, segments] : suite_.traces) {
    written.emplace(name, TraceModel(segments));
    read_back.emplace(name, TraceModel(stored_.segments(trace_id_of(name))));
  }
  size_t decided_on_columns = 0, matching = 0;
  for (const Case& one : suite_.cases) {
    SCOPED_TRACE(fmt::format("tests/xray_filters/shop.test:{} {}", one.line, one.expression));
    const auto expression = read(one.expression);
    if (one.expected.starts_with("error ")) {
      std::istringstream words(one.expected.substr(6));
      std::string column, message;
      words >> column >> std::ws;
      std::getline(words, message);
      ASSERT_FALSE(expression.ok());
      const std::string got(expression.status().message());
      if (column != "0") {
        EXPECT_NE(got.find("column " + column + ":"), std::string::npos) << got;
      }
      EXPECT_NE(got.find(message), std::string::npos) << got;
      EXPECT_EQ(expression.status().kind(), ErrorKind::bad_input);
      continue;
    }
    ASSERT_TRUE(expression.ok()) << expression.status().message();
    const std::set<std::string> expected = words_of(one.expected);
    std::set<std::string> as_written, as_read_back;
    for (const auto& [name, model] : written) {
      if (matches(*expression, model)) as_written.insert(name);
      if (matches(*expression, read_back.at(name))) as_read_back.insert(name);
    }
    EXPECT_EQ(as_written, expected);
    EXPECT_EQ(as_read_back, expected) << "after being stored";

    const FilterPlan plan = plan_of(*expression);
    const query::RunOptions options;
    query::QueryLimits limits(options);
    const auto found =
        query::find_traces({.range = {}, .conditions = {plan.possible, plan.certain}},
                           stored_.storage().snapshot(kDefaultEnvironment, Signal::traces), options, limits);
    ASSERT_TRUE(found.ok()) << found.status().to_string();
    std::set<std::string> possible, certain;
    for (const query::FoundTrace& trace : found->traces) {
      for (const auto& [name, segments] : suite_.traces) {
        if (*read_trace_id(trace_id_of(name)) != trace.id) continue;
        possible.insert(name);
        if (trace.holds[1]) certain.insert(name);
      }
    }
    for (const std::string& name : expected)
      EXPECT_TRUE(possible.contains(name)) << name << " was passed over";
    for (const std::string& name : certain) EXPECT_TRUE(expected.contains(name)) << name << " is not certain";
    decided_on_columns += certain.size();
    matching += expected.size();
  }
  // The point of the plan.
  EXPECT_GT(decided_on_columns * 2, matching);
}

// Spans of OpenTelemetry, in a shop much like that of the suite: names old and new, statuses with and without
// HTTP, a root that has not arrived.
std::string otlp_traces() {
  int trace = 0;
  std::string spans;
  const auto span = [&](int id, int parent, std::string_view service, int kind, double start, double seconds,
                        std::string_view attributes, int status = 0, std::string_view resource = "") {
    const auto nanos = [](double at) { return static_cast<int64_t>((kStart + at) * 1e3) * 1'000'000; };
    const auto attribute_list = [](std::string_view text) {
      // "name=text name:number name!boolean"
      std::string list;
      std::istringstream words{std::string(text)};
      for (std::string word; words >> word;) {
        const size_t at = word.find_first_of("=:!");
        const std::string value = word.substr(at + 1);
        list += fmt::format(R"({}{{"key":"{}","value":{{{}}}}})", list.empty() ? "" : ",", word.substr(0, at),
                            word[at] == '='   ? "\"stringValue\":\"" + value + "\""
                            : word[at] == ':' ? "\"doubleValue\":" + value
                                              : "\"boolValue\":" + value);
        if (word[at] == ':' && value.find('.') == std::string::npos) {
          const size_t place = list.rfind("\"doubleValue\":");
          list.replace(place, list.size() - place, "\"intValue\":\"" + value + "\"}}");
        }
      }
      return list;
    };
    spans += fmt::format(
        R"({}{{"resource":{{"attributes":[{}]}},"scopeSpans":[{{"spans":[{{"traceId":"{:032x}","spanId":"{:016x}",{}"name":"op","kind":{},)"
        R"("startTimeUnixNano":"{}","endTimeUnixNano":"{}","attributes":[{}],"status":{{"code":{}}}}}]}}]}})",
        spans.empty() ? "" : ",", attribute_list(fmt::format("service.name={} {}", service, resource)), trace,
        id, parent == 0 ? "" : fmt::format(R"("parentSpanId":"{:016x}",)", parent), kind, nanos(start),
        nanos(start + seconds), attribute_list(attributes), status);
  };
  constexpr int kInternal = 1, kServer = 2, kClient = 3, kProducer = 4;
  const std::string get = "http.request.method=GET url.full=http://shop.example/api/pay ";
  for (const std::string_view status : {"http.response.status_code:200", "http.status_code:404",
                                        "http.status_code:429", "http.response.status_code:500", ""}) {
    for (const int failed : {0, 2}) {
      ++trace;
      span(1, 0, "web", kServer, trace * 10, trace,
           get + std::string(status) + " user.id=alice plan=free age:25 test!true", failed,
           "cloud.platform=aws_ec2 host.id=i-1 cloud.availability_zone=eu-1a");
      span(2, 1, "web", kClient, trace * 10 + 0.1, 0.5,
           "server.address=pay plan=paid http.response.status_code:502", failed);
    }
  }
  ++trace;  // A call that is answered, and inferred ones.
  span(1, 0, "web", kServer, 200, 6,
       "http.method=POST http.url=http://shop.example/ enduser.id=bob age:30 test!false");
  span(2, 1, "web", kClient, 200.5, 5, "peer.service=cart.internal");
  span(3, 2, "cart", kServer, 200.6, 4.8, "http.route=/items");
  span(4, 3, "cart", kClient, 201, 4, "aws.service=DynamoDB aws.table_name=carts rpc.system=aws-api");
  span(5, 3, "cart", kClient, 201, 0.5, "db.system.name=postgresql db.namespace=shop server.address=pg1");
  span(6, 3, "cart", kProducer, 201, 0.5, "messaging.system=kafka messaging.destination.name=orders");
  ++trace;  // Without its root.
  span(2, 1, "pay", kServer, 300, 1, "http.response.status_code:502 user.id=carol", 2);
  span(3, 2, "pay", kInternal, 300.1, 7, "annotation!true aws.account_id=111122223333 a.b=dotted");
  ++trace;  // A root that is no server; annotations that are listed.
  span(1, 0, "worker", kClient, 400, 1,
       "rpc.service=Accounts plan=free aws.local.service=web url.path=/api/x");
  return R"({"resourceSpans":[)" + spans + "]}";
}

TEST(FilterExpression, columns_never_contradict_whole_traces_of_opentelemetry) {
  const Suite suite = read_suite("tests/xray_filters/shop.test");
  testing::StoredDocuments stored("otlp-filters");
  auto protobuf = json_to_protobuf(Signal::traces, otlp_traces());
  ASSERT_TRUE(protobuf.ok()) << protobuf.status().to_string();
  stored.put_otlp(std::move(*protobuf));
  const store::Snapshot snapshot = stored.storage().snapshot(kDefaultEnvironment, Signal::traces);
  const query::RunOptions options;
  std::vector<std::pair<TraceId, TraceModel>> models;
  {
    query::QueryLimits limits(options);
    const auto all = query::find_traces({}, snapshot, options, limits);
    ASSERT_TRUE(all.ok());
    ASSERT_EQ(all->traces.size(), 13u);
    for (const query::FoundTrace& trace : all->traces)
      models.emplace_back(trace.id, stored.segments(trace.id.to_hex()));
  }
  size_t matching = 0, certain = 0;
  for (const Case& one : suite.cases) {
    const auto expression = parse_filter_expression(one.expression);
    if (!expression.ok() || one.expression.find("group.") != std::string::npos) continue;
    SCOPED_TRACE(one.expression);
    const FilterPlan plan = plan_of(*expression);
    query::QueryLimits limits(options);
    const auto found =
        query::find_traces({.conditions = {plan.possible, plan.certain}}, snapshot, options, limits);
    ASSERT_TRUE(found.ok()) << found.status().to_string();
    for (const auto& [id, model] : models) {
      const auto* place = std::find_if(found->traces.data(), found->traces.data() + found->traces.size(),
                                       [&id = id](const query::FoundTrace& trace) { return trace.id == id; });
      const bool is_possible = place != found->traces.data() + found->traces.size();
      if (matches(*expression, model)) {
        ++matching;
        EXPECT_TRUE(is_possible) << id.to_hex() << " was passed over";
      } else if (is_possible) {
        EXPECT_FALSE(place->holds[1]) << id.to_hex() << " is not certain";
      }
      certain += is_possible && place->holds[1];
    }
  }
  EXPECT_GT(matching, 300u);
  EXPECT_GT(certain * 2, matching);
}

TEST(FilterExpression, limits_hold) {
  std::string deep(500, '('), wide = "fault", long_text = "user = \"" + std::string(10'000, 'x') + "\"";
  for (int i = 0; i < 100; ++i) wide += " OR fault";
  EXPECT_FALSE(parse_filter_expression(deep).ok());
  EXPECT_FALSE(parse_filter_expression(std::string(500, '!') + "fault").ok());
  EXPECT_FALSE(parse_filter_expression(wide).ok());
  EXPECT_FALSE(parse_filter_expression(long_text).ok());
  EXPECT_FALSE(parse_filter_expression("").ok());
  EXPECT_FALSE(
      parse_filter_expression("rootcause.json = #" + std::string(300, '[') + std::string(300, ']')).ok());
}

TEST(FilterExpression, entity_selectors_are_one_node_or_edge) {
  const auto check = [](std::string_view text) {
    return check_entity_selector(parse_filter_expression(text).value()).ok();
  };
  EXPECT_TRUE(check("service(\"a\")"));
  EXPECT_TRUE(check("id(name: \"a\") { fault }"));
  EXPECT_TRUE(check("edge(\"a\", \"b\") { responsetime > 1 }"));
  EXPECT_FALSE(check("fault"));
  EXPECT_FALSE(check("service(\"a\") OR service(\"b\")"));
  EXPECT_FALSE(check("service(\"a\") { annotation.x = 1 }"));
}

}  // namespace
}  // namespace clew::xray
