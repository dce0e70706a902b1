#include "query/service_map.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "query/testing/naive_evaluator.h"
#include "query/testing/random_plans.h"
#include "telemetry/semantic_names.h"

namespace clew::query::testing {
namespace {

using store::ColumnType;

constexpr int64_t kStart = 1'767'225'600'000'000'000;

std::string id_of(uint64_t number, size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < 8; ++i) bytes[size - 1 - i] = static_cast<char>(number >> (8 * i));
  return bytes;
}

// One span, said shortly.
struct Said {
  uint64_t trace = 1, id = 1, parent = 0;
  std::string service, kind = "internal";
  std::vector<Cell> attributes = {};
  int64_t milliseconds = 10;
  int64_t at_milliseconds = 0;
};

TableRow row_of(const Said& said) {
  TableRow row = {
      at_time(kStart + said.at_milliseconds * 1'000'000),
      intrinsic(std::string(names::kTraceId), ColumnType::trace_id, id_of(said.trace, 16)),
      intrinsic(std::string(names::kSpanId), ColumnType::span_id, id_of(said.id, 8)),
      intrinsic(std::string(names::kDuration), ColumnType::duration, said.milliseconds * 1'000'000),
      intrinsic(std::string(names::kSpanKind), ColumnType::string, said.kind),
      intrinsic(std::string(names::kName), ColumnType::string, std::string("call"))};
  if (said.parent != 0)
    row.push_back(intrinsic(std::string(names::kParentId), ColumnType::span_id, id_of(said.parent, 8)));
  if (!said.service.empty()) row.push_back(resource("service.name", said.service));
  row.insert(row.end(), said.attributes.begin(), said.attributes.end());
  return row;
}

Cell failed() {
  return intrinsic(std::string(names::kError), ColumnType::boolean, true);
}

constexpr std::string_view kKinds[] = {"service:", "client:", "database:", "queue:", "cloud:", "remote:"};
std::string text_of(const NodeName& node) {
  return std::string(kKinds[static_cast<size_t>(node.kind)]) + node.name +
         (node.type.empty() ? "" : "/" + node.type);
}

std::string counts_of(const RequestFigures& figures) {
  return std::to_string(figures.count(Outcome::ok)) + "+" + std::to_string(figures.count(Outcome::error)) +
         "+" + std::to_string(figures.count(Outcome::throttle)) + "+" +
         std::to_string(figures.count(Outcome::fault)) + " in " +
         std::to_string(static_cast<int64_t>(figures.total_seconds() * 1000 + 0.5)) + "ms";
}

// "service:web 1+0+0+0 in 10ms", "service:web -> remote:b 1+0+0+0 in 10ms"
using Lines = std::set<std::string>;

Lines lines_of(const ServiceMap& map) {
  Lines lines;
  for (const ServiceNode& node : map.nodes) {
    lines.insert(text_of(node.name) + (node.is_root ? " root " : " ") + counts_of(node.requests));
  }
  for (const ServiceEdge& edge : map.edges) {
    EXPECT_LT(edge.from, map.nodes.size());
    EXPECT_LT(edge.to, map.nodes.size());
    lines.insert(text_of(map.nodes[edge.from].name) + " -> " + text_of(map.nodes[edge.to].name) + " " +
                 counts_of(edge.calls));
  }
  return lines;
}

Lines map_of(const std::vector<Said>& spans, const ServiceQuestion& question = {}) {
  std::vector<TableRow> rows;
  for (const Said& said : spans) rows.push_back(row_of(said));
  std::optional<Lines> lines;
  for (const Layout& layout : {Layout{}, Layout{.granule_rows = 1, .segment_granules = 1},
                               Layout{.granule_rows = 2, .strings = StringLayout::plain}}) {
    auto map = map_services(question, snapshot_of(rows, layout));
    EXPECT_TRUE(map.ok()) << map.status().to_string();
    Lines now = lines_of(*map);
    EXPECT_EQ(now, lines.value_or(now)) << "with rows cut in another way";
    lines = now;
  }
  return *lines;
}

TEST(ServiceMap, a_call_answered_by_another_service_is_measured_by_the_caller) {
  EXPECT_EQ(map_of({{.id = 1, .service = "web", .kind = "server", .milliseconds = 30},
                    {.id = 2, .parent = 1, .service = "web", .kind = "client", .milliseconds = 20},
                    {.id = 3, .parent = 2, .service = "cart", .kind = "server", .milliseconds = 10}}),
            (Lines{"client:web 0+0+0+0 in 0ms", "client:web -> service:web 1+0+0+0 in 30ms",
                   "service:web root 1+0+0+0 in 30ms", "service:web -> service:cart 1+0+0+0 in 20ms",
                   "service:cart 1+0+0+0 in 10ms"}));
}

TEST(ServiceMap, what_sends_nothing_is_known_from_its_callers) {
  std::vector<Said> spans = {{.id = 1, .service = "web", .kind = "server"}};
  uint64_t id = 2;
  auto call = [&](std::vector<Cell> attributes, std::string kind = "client") {
    spans.push_back({.id = id++, .parent = 1, .service = "web", .kind = kind, .attributes = attributes});
  };
  call({attribute("peer.service", std::string("bank"))});
  call({attribute("db.system", std::string("postgresql")), attribute("db.name", std::string("shop")),
        attribute("server.address", std::string("pg1"))});
  call({attribute("messaging.system", std::string("kafka")),
        attribute("messaging.destination.name", std::string("orders"))},
       "producer");
  call(
      {attribute("aws.service", std::string("DynamoDB")), attribute("aws.table_name", std::string("carts"))});
  call({attribute("rpc.system", std::string("aws-api")), attribute("rpc.service", std::string("S3"))});
  call({attribute("url.full", std::string("https://u:p@example.com:8443/a?b=c"))});
  call({});
  Lines lines = map_of(spans);
  for (const char* node :
       {"remote:bank", "database:shop@pg1/postgresql", "queue:orders/kafka",
        "cloud:carts/AWS::DynamoDB::Table", "cloud:S3/AWS::S3", "remote:example.com:8443", "remote:call"}) {
    EXPECT_TRUE(lines.contains(std::string(node) + " 1+0+0+0 in 10ms")) << node;
    EXPECT_TRUE(lines.contains("service:web -> " + std::string(node) + " 1+0+0+0 in 10ms")) << node;
  }
}

TEST(ServiceMap, outcomes_are_told_by_http_status_then_by_the_mark_of_failure) {
  auto http = [](int64_t status) { return attribute("http.response.status_code", status); };
  EXPECT_TRUE(map_of({{.trace = 1, .service = "a", .kind = "server", .attributes = {http(200)}},
                      {.trace = 2, .service = "a", .kind = "server", .attributes = {http(404), failed()}},
                      {.trace = 3, .service = "a", .kind = "server", .attributes = {http(429)}},
                      {.trace = 4, .service = "a", .kind = "server", .attributes = {http(503)}},
                      {.trace = 5, .service = "a", .kind = "server", .attributes = {failed()}}})
                  .contains("service:a root 1+1+1+2 in 50ms"));
}

TEST(ServiceMap, what_a_segment_says_of_itself_counts_before_its_status) {
  auto flag = [](const char* name) { return attribute(std::string("aws.xray.") + name, true); };
  auto http = [](int64_t status) { return attribute("http.response.status_code", status); };
  EXPECT_TRUE(
      map_of({{.trace = 1, .service = "a", .kind = "server", .attributes = {flag("error"), failed()}},
              {.trace = 2,
               .service = "a",
               .kind = "server",
               .attributes = {flag("throttle"), flag("error"), failed()}},
              {.trace = 3, .service = "a", .kind = "server", .attributes = {flag("fault"), http(404)}}})
          .contains("service:a root 0+1+1+1 in 30ms"));
}

TEST(ServiceMap, a_call_inside_of_a_call_is_one_call) {
  EXPECT_EQ(map_of({{.id = 1, .service = "web", .kind = "server"},
                    {.id = 2,
                     .parent = 1,
                     .service = "web",
                     .kind = "client",
                     .attributes = {attribute("db.system", std::string("mysql"))}},
                    {.id = 3, .parent = 2, .service = "web", .kind = "client"}})
                .size(),
            5u);
  // Answered at the innermost.
  EXPECT_EQ(map_of({{.id = 1, .service = "web", .kind = "server"},
                    {.id = 2, .parent = 1, .service = "web", .kind = "client"},
                    {.id = 3, .parent = 2, .service = "web", .kind = "client"},
                    {.id = 4, .parent = 3, .service = "cart", .kind = "server"}})
                .size(),
            5u);
}

TEST(ServiceMap, client_and_server_may_tell_of_a_call_under_one_id) {
  const Lines expected = {"client:web 0+0+0+0 in 0ms",        "client:web -> service:web 1+0+0+0 in 30ms",
                          "service:web root 1+0+0+0 in 30ms", "service:web -> service:cart 1+0+0+0 in 20ms",
                          "service:cart 1+0+0+0 in 10ms",     "service:cart -> remote:call 1+0+0+0 in 5ms",
                          "remote:call 1+0+0+0 in 5ms"};
  const Said root = {.id = 1, .service = "web", .kind = "server", .milliseconds = 30};
  const Said client = {.id = 2, .parent = 1, .service = "web", .kind = "client", .milliseconds = 20};
  const Said server = {.id = 2, .parent = 1, .service = "cart", .kind = "server", .milliseconds = 10};
  const Said below = {.id = 3, .parent = 2, .service = "cart", .kind = "client", .milliseconds = 5};
  EXPECT_EQ(map_of({root, client, server, below}), expected);
  EXPECT_EQ(map_of({below, server, client, root}), expected);
  // The server's half need not know the parent.
  Said orphan = server;
  orphan.parent = 0;
  EXPECT_EQ(map_of({root, client, orphan, below}), expected);
  // What the client does beneath its half stays with it.
  Lines with_inner = expected;
  EXPECT_EQ(map_of({root, client, server, below, {.id = 4, .parent = 2, .service = "web"}}), with_inner);
}

TEST(ServiceMap, a_span_that_was_sent_twice_is_no_call_to_itself) {
  const Said span = {.id = 1, .service = "web", .kind = "server"};
  EXPECT_EQ(map_of({span, span}),
            (Lines{"client:web 0+0+0+0 in 0ms", "client:web -> service:web 2+0+0+0 in 20ms",
                   "service:web root 2+0+0+0 in 20ms"}));
}

TEST(ServiceMap, an_unknown_parent_is_outside_where_no_root_has_arrived) {
  EXPECT_TRUE(map_of({{.id = 2, .parent = 99, .service = "web", .kind = "server"}})
                  .contains("client:web -> service:web 1+0+0+0 in 10ms"));
  EXPECT_FALSE(map_of({{.id = 1, .service = "gate", .kind = "server"},
                       {.id = 2, .parent = 99, .service = "web", .kind = "server"}})
                   .contains("client:web -> service:web 1+0+0+0 in 10ms"));
}

TEST(ServiceMap, only_what_matches_counts) {
  std::vector<Said> spans = {
      {.trace = 1, .id = 1, .service = "web", .kind = "server"},
      {.trace = 1, .id = 2, .parent = 1, .service = "cart", .kind = "server"},
      {.trace = 2, .id = 1, .service = "web", .kind = "server", .at_milliseconds = 5000},
  };
  EXPECT_EQ(map_of(spans, {.filter = comparison("service.name", Operator::equal, std::string("cart"))}),
            (Lines{"service:web 0+0+0+0 in 0ms", "service:cart 1+0+0+0 in 10ms",
                   "service:web -> service:cart 1+0+0+0 in 10ms"}));
  EXPECT_EQ(map_of(spans, {.range = {{kStart + 1}, {INT64_MAX}}}),
            (Lines{"client:web 0+0+0+0 in 0ms", "client:web -> service:web 1+0+0+0 in 10ms",
                   "service:web root 1+0+0+0 in 10ms"}));
  EXPECT_EQ(map_of(spans, {.traces = {{*TraceId::from_bytes(id_of(2, 16))}}}).size(), 3u);
  EXPECT_TRUE(map_of(spans, {.traces = std::vector<TraceId>()}).empty());
}

TEST(ServiceMap, conditions_on_other_spans_of_the_trace_are_known) {
  const std::vector<Said> spans = {
      {.trace = 1, .id = 1, .service = "web", .kind = "server"},
      {.trace = 1, .id = 2, .parent = 1, .service = "cart", .kind = "server"},
      {.trace = 2, .id = 1, .service = "gate", .kind = "server"},
      {.trace = 2, .id = 2, .parent = 1, .service = "cart", .kind = "server"},
  };
  const auto root = [](const char* service) {
    return comparison(column_with_relation("root.service.name"), Operator::equal,
                      {Value(std::string(service))});
  };
  EXPECT_EQ(map_of(spans, {.filter = all_of({root("web"), comparison("service.name", Operator::equal,
                                                                     std::string("cart"))})}),
            (Lines{"service:web 0+0+0+0 in 0ms", "service:cart 1+0+0+0 in 10ms",
                   "service:web -> service:cart 1+0+0+0 in 10ms"}));
  std::vector<TableRow> rows;
  for (const Said& said : spans) rows.push_back(row_of(said));
  const auto refused = map_services({.filter = any_of({root("web"), root("gate")})}, snapshot_of(rows));
  EXPECT_EQ(refused.status().kind(), ErrorKind::bad_input);
}

TEST(ServiceMap, a_span_counts_as_often_as_its_sample_rate_says) {
  EXPECT_TRUE(
      map_of({{.service = "a",
               .kind = "server",
               .attributes = {intrinsic(std::string(names::kSampleRate), ColumnType::int64, int64_t{20})}}})
          .contains("service:a root 20+0+0+0 in 200ms"));
}

TEST(ServiceMap, nodes_beyond_the_limit_are_put_together) {
  std::vector<TableRow> rows;
  for (uint64_t i = 0; i < ServiceCalls::kMostNodes + 100; ++i)
    rows.push_back(row_of({.trace = i + 1, .service = "s" + std::to_string(i), .kind = "server"}));
  auto map = map_services({}, snapshot_of(rows));
  ASSERT_TRUE(map.ok());
  EXPECT_GT(map->nodes_put_together, 0u);
  uint64_t others = 0;
  for (const ServiceNode& node : map->nodes) {
    if (node.name.name == ServiceCalls::kOtherNodes && node.name.kind == NodeKind::service)
      others = node.requests.total();
  }
  EXPECT_GE(others, 100u);
}

// The oracle: the rules again, for one trace after the other.
class Naive {
 public:
  explicit Naive(const std::vector<Said>& spans) {
    for (const Said& said : spans) traces_[said.trace].push_back(said);
    for (auto& [id, trace] : traces_) add(trace);
  }
  Lines lines() const {
    Lines lines;
    std::set<std::string> all;
    for (const auto& [edge, figures] : edges_) {
      lines.insert(edge.first + " -> " + edge.second + " " + counts_of(figures));
      all.insert(edge.first);
      all.insert(edge.second);
    }
    for (const auto& [node, figures] : nodes_) all.insert(node);
    for (const std::string& node : all) {
      auto figures = nodes_.find(node);
      lines.insert(node + (roots_.contains(node) ? " root " : " ") +
                   counts_of(figures == nodes_.end() ? RequestFigures() : figures->second));
    }
    return lines;
  }

 private:
  static bool outgoing(const Said& span) { return span.kind == "client" || span.kind == "producer"; }
  static bool has_failed(const Said& span) {
    return !span.attributes.empty() && span.attributes[0].column.name == names::kError;
  }
  static Request request(const Said& span) {
    return {.outcome = has_failed(span) ? Outcome::fault : Outcome::ok,
            .start = {kStart + span.at_milliseconds * 1'000'000},
            .duration = milliseconds(span.milliseconds)};
  }

  void add(const std::vector<Said>& trace) {
    auto parent = [&](const Said& span) -> const Said* {
      for (const Said& other : trace) {
        if (span.parent != 0 && other.id == span.parent && other.id != span.id) return &other;
      }
      return nullptr;
    };
    auto is_entry = [&](const Said& span) {
      const Said* above = parent(span);
      return above == nullptr || above->service != span.service || span.kind == "server" ||
             (span.kind == "consumer" && outgoing(*above));
    };
    auto is_inside = [&](const Said& span) {
      return parent(span) != nullptr && outgoing(*parent(span)) && !is_entry(span);
    };
    std::set<const Said*> answered;
    for (const Said& span : trace) {
      if (!is_entry(span) || parent(span) == nullptr) continue;
      const Said* call = parent(span);
      answered.insert(call);
      for (; is_inside(*call); call = parent(*call)) answered.insert(parent(*call));
    }
    bool has_root = false;
    const Said* first = nullptr;
    for (const Said& span : trace) {
      has_root |= span.parent == 0;
      if (parent(span) == nullptr && (first == nullptr || span.at_milliseconds < first->at_milliseconds))
        first = &span;
    }
    for (const Said& span : trace) {
      std::string node = "service:" + span.service;
      if (is_entry(span)) {
        nodes_[node].add(request(span));
        if (span.parent == 0 || (!has_root && &span == first)) {
          roots_.insert(node);
          edges_[{"client:" + span.service, node}].add(request(span));
        } else if (const Said* caller = parent(span)) {
          edges_[{"service:" + caller->service, node}].add(request(outgoing(*caller) ? *caller : span));
        }
      }
      if (outgoing(span) && !answered.contains(&span) && !is_inside(span)) {
        nodes_["remote:call"].add(request(span));
        edges_[{node, "remote:call"}].add(request(span));
      }
    }
  }

  std::map<uint64_t, std::vector<Said>> traces_;
  std::map<std::string, RequestFigures> nodes_;
  std::map<std::pair<std::string, std::string>, RequestFigures> edges_;
  std::set<std::string> roots_;
};

TEST(ServiceMap, agrees_with_the_naive_computation) {
  ThreadPool pool(1);
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    std::vector<Said> spans;
    const uint64_t traces = 1 + random() % 30;
    for (uint64_t trace = 1; trace <= traces; ++trace) {
      const uint64_t count = 1 + random() % 12;
      for (uint64_t id = 1; id <= count; ++id) {
        constexpr const char* kSpanKinds[] = {"server",   "client",   "client",
                                              "producer", "consumer", "internal"};
        Said said{.trace = trace, .id = id, .kind = kSpanKinds[random() % 6]};
        said.service = "s" + std::to_string(random() % 4);
        // Parents come before their children, so there are no rings; some have not arrived.
        if (id > 1 || random() % 3 == 0) said.parent = random() % 8 == 0 ? 1000 + id : random() % id;
        if (random() % 4 == 0) said.attributes.push_back(failed());
        said.milliseconds = static_cast<int64_t>(random() % 100);
        said.at_milliseconds = static_cast<int64_t>(trace * 100 + id);
        spans.push_back(said);
      }
    }
    std::shuffle(spans.begin(), spans.end(), random);
    std::vector<TableRow> rows;
    for (const Said& said : spans) rows.push_back(row_of(said));
    auto map =
        map_services({}, snapshot_of(rows, random_layout(random)), {.pool = seed % 2 == 0 ? &pool : nullptr});
    ASSERT_TRUE(map.ok()) << map.status().to_string();
    ASSERT_EQ(lines_of(*map), Naive(spans).lines()) << "seed " << seed;
  }
}

TEST(ServiceMap, a_ring_of_parents_ends) {
  EXPECT_FALSE(map_of({{.id = 1, .parent = 2, .service = "a", .kind = "client"},
                       {.id = 2, .parent = 1, .service = "a", .kind = "client"},
                       {.id = 3, .parent = 2, .service = "b", .kind = "server"}})
                   .empty());
}

TEST(RequestFigures, durations_are_known_nearly) {
  RequestFigures figures;
  for (int i = 1; i <= 100; ++i) figures.add({.duration = milliseconds(i), .weight = 2});
  figures.add({.duration = {}});
  EXPECT_NEAR(*figures.quantile_seconds(0.5), 0.050, 0.001);
  EXPECT_NEAR(*figures.quantile_seconds(0.99), 0.099, 0.001);
  EXPECT_EQ(figures.quantile_seconds(0), 0);
  uint64_t count = 0;
  for (const auto& [duration, weight] : figures.histogram()) count += weight;
  EXPECT_EQ(count, figures.total());
  EXPECT_EQ(RequestFigures().quantile_seconds(0.5), std::nullopt);
}

}  // namespace
}  // namespace clew::query::testing
