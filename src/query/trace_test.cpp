#include "query/trace.h"

#include <gtest/gtest.h>

#include "query/columns.h"
#include "query/services.h"
#include "query/testing/memory_table.h"
#include "query/trace_search.h"
#include "telemetry/semantic_names.h"

namespace clew::query::testing {
namespace {

using store::ColumnType;

constexpr int64_t kMillisecond = 1'000'000;

std::string id_bytes(size_t number, size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < 4; ++i) bytes[size - 1 - i] = static_cast<char>(number >> (8 * i));
  return bytes;
}
TraceId trace_id(size_t number) {
  return *TraceId::from_bytes(id_bytes(number, 16));
}
SpanId span_id(size_t number) {
  return *SpanId::from_bytes(id_bytes(number, 8));
}

struct SpanOptions {
  size_t trace = 1;
  size_t id = 1;
  size_t parent = 0;
  int64_t start = 0;  // milliseconds
  int64_t duration = 10;
  std::string name = "span";
  std::string service = "api";
};

TableRow span(const SpanOptions& options) {
  TableRow row{
      at_time(options.start * kMillisecond),
      intrinsic(std::string(names::kTraceId), ColumnType::trace_id, id_bytes(options.trace, 16)),
      intrinsic(std::string(names::kSpanId), ColumnType::span_id, id_bytes(options.id, 8)),
      intrinsic(std::string(names::kDuration), ColumnType::duration, options.duration * kMillisecond),
      intrinsic(std::string(names::kName), ColumnType::string, options.name),
      resource("service.name", options.service)};
  if (options.parent != 0)
    row.push_back(intrinsic(std::string(names::kParentId), ColumnType::span_id, id_bytes(options.parent, 8)));
  return row;
}

TableRow annotation(const std::string& type, size_t parent, int64_t at) {
  return {at_time(at * kMillisecond),
          intrinsic(std::string(names::kTraceId), ColumnType::trace_id, id_bytes(1, 16)),
          intrinsic(std::string(names::kParentId), ColumnType::span_id, id_bytes(parent, 8)),
          intrinsic(std::string(names::kAnnotationType), ColumnType::string, type),
          intrinsic(std::string(names::kName), ColumnType::string, std::string("exception")),
          intrinsic(std::string(names::kError), ColumnType::boolean, true),
          resource("service.name", std::string("api")),
          attribute("exception.type", std::string("Oops"))};
}

std::vector<TableRow> one_trace() {
  std::vector<TableRow> rows{span({.id = 3, .parent = 2, .start = 5, .name = "query", .service = "db"}),
                             span({.id = 1, .start = 0, .duration = 100, .name = "root"}),
                             span({.id = 2, .parent = 1, .start = 5, .duration = 50, .name = "call"}),
                             span({.id = 4, .parent = 99, .start = 7, .name = "orphan"}),
                             annotation("span_event", 2, 6),
                             annotation("link", 3, 6),
                             span({.trace = 2, .id = 1})};
  rows[0].push_back(attribute("db.statement", std::string("SELECT 1")));
  rows[0].push_back(attribute("rows", int64_t{7}));
  rows[1].push_back(intrinsic(std::string(names::kStatusCode), ColumnType::int64, int64_t{2}));
  return rows;
}

class TraceInLayouts : public ::testing::TestWithParam<Layout> {};

TEST_P(TraceInLayouts, is_put_together_with_nothing_lost) {
  std::vector<TableRow> log{
      {at_time(8 * kMillisecond),
       intrinsic(std::string(names::kTraceId), ColumnType::trace_id, id_bytes(1, 16)),
       intrinsic(std::string(names::kParentId), ColumnType::span_id, id_bytes(2, 8)),
       intrinsic(std::string(names::kBody), ColumnType::string, std::string("it broke")),
       intrinsic(std::string(names::kSeverity), ColumnType::string, std::string("error"))}};
  auto trace =
      fetch_trace(trace_id(1), {snapshot_of(one_trace(), GetParam()), snapshot_of(log, GetParam()), {}});
  ASSERT_TRUE(trace.ok()) << trace.status().message();
  const TraceSpans& spans = trace->spans;
  EXPECT_EQ(spans.names, (std::vector<std::string_view>{"root", "call", "query", "orphan"}));
  EXPECT_EQ(spans.services, (std::vector<std::string_view>{"api", "api", "db", "api"}));
  EXPECT_EQ(spans.depths, (std::vector<uint32_t>{0, 1, 2, 0}));
  using Parents = std::vector<std::optional<uint32_t>>;
  EXPECT_EQ(spans.parents, (Parents{std::nullopt, 0, 1, std::nullopt}));
  EXPECT_EQ(spans.parent_ids[3], span_id(99));
  EXPECT_EQ(spans.status_codes[0], 2);
  ASSERT_EQ(spans.attributes.of(2).size(), 2u);
  EXPECT_EQ(spans.attributes.of(2)[0].name, "db.statement");
  EXPECT_EQ(std::get<std::string_view>(spans.attributes.of(2)[0].value), "SELECT 1");
  EXPECT_EQ(std::get<int64_t>(spans.attributes.of(2)[1].value), 7);
  EXPECT_EQ(spans.origins[0], spans.origins[1]);
  EXPECT_NE(spans.origins[0], spans.origins[2]);
  EXPECT_EQ(std::get<std::string_view>(trace->origins.of(spans.origins[2])[0].value), "db");
  ASSERT_EQ(trace->events.size(), 1u);
  EXPECT_EQ(trace->events.spans[0], 1u);
  EXPECT_EQ(trace->events.names[0], "exception");
  EXPECT_EQ(trace->events.attributes.of(0).size(), 2u);  // error and exception.type
  ASSERT_EQ(trace->links.size(), 1u);
  EXPECT_EQ(trace->links.spans[0], 2u);
  ASSERT_EQ(trace->logs.size(), 1u);
  EXPECT_EQ(trace->logs.names[0], "it broke");
  EXPECT_EQ(trace->logs.spans[0], 1u);
  EXPECT_EQ(trace->start, UnixNanos{0});
  EXPECT_EQ(trace->end, UnixNanos{100 * kMillisecond});
}

TEST_P(TraceInLayouts, of_two_halves_under_one_id_the_clients_is_above_the_servers) {
  const auto of_kind = [](TableRow row, const std::string& kind) {
    row.push_back(intrinsic(std::string(names::kSpanKind), ColumnType::string, kind));
    return row;
  };
  const std::vector<TableRow> rows{
      of_kind(span({.id = 2, .parent = 1, .start = 6, .duration = 40, .name = "serve"}), "server"),
      of_kind(span({.id = 1, .duration = 100, .name = "root", .service = "web"}), "server"),
      span({.id = 3, .parent = 2, .start = 7, .name = "below the server"}),
      of_kind(span({.id = 2, .parent = 1, .start = 5, .duration = 50, .name = "call", .service = "web"}),
              "client"),
      span({.id = 4, .parent = 2, .start = 8, .name = "below the client", .service = "web"}),
      span({.id = 5, .parent = 2, .start = 9, .name = "below whom", .service = "db"}),
      annotation("span_event", 2, 10)};
  const auto trace = fetch_trace(trace_id(1), {snapshot_of(rows, GetParam()), {}, {}});
  ASSERT_TRUE(trace.ok()) << trace.status().message();
  EXPECT_EQ(trace->spans.names, (std::vector<std::string_view>{"root", "call", "serve", "below the server",
                                                               "below the client", "below whom"}));
  using Parents = std::vector<std::optional<uint32_t>>;
  EXPECT_EQ(trace->spans.parents, (Parents{std::nullopt, 0, 1, 2, 1, 2}));
  EXPECT_EQ(trace->events.spans[0], 2u);
}

TEST_P(TraceInLayouts, as_an_outline_has_the_same_arrays_and_no_attributes) {
  const store::Snapshot rows = snapshot_of(one_trace(), GetParam());
  auto whole = fetch_trace(trace_id(1), {rows, {}, {}});
  auto outline = fetch_trace(trace_id(1), {rows, {}, {}, TraceSource::Fields::outline, {}});
  ASSERT_TRUE(whole.ok() && outline.ok());
  EXPECT_EQ(outline->spans.ids, whole->spans.ids);
  EXPECT_EQ(outline->spans.parents, whole->spans.parents);
  EXPECT_EQ(outline->spans.starts, whole->spans.starts);
  EXPECT_EQ(outline->spans.durations, whole->spans.durations);
  EXPECT_EQ(outline->spans.names, whole->spans.names);
  EXPECT_EQ(outline->spans.services, whole->spans.services);
  EXPECT_EQ(outline->spans.status_codes, whole->spans.status_codes);
  EXPECT_EQ(outline->events.spans, whole->events.spans);
  EXPECT_EQ(outline->events.names, whole->events.names);
  EXPECT_TRUE(outline->spans.attributes.of(2).empty());
}

TEST_P(TraceInLayouts, of_one_span_has_that_and_what_belongs_to_it) {
  std::vector<TableRow> log{
      {at_time(8 * kMillisecond),
       intrinsic(std::string(names::kTraceId), ColumnType::trace_id, id_bytes(1, 16)),
       intrinsic(std::string(names::kParentId), ColumnType::span_id, id_bytes(2, 8)),
       intrinsic(std::string(names::kBody), ColumnType::string, std::string("it broke"))}};
  const TraceSource source{
      snapshot_of(one_trace(), GetParam()), snapshot_of(log, GetParam()), {}, {}, span_id(2)};
  auto trace = fetch_trace(trace_id(1), source);
  ASSERT_TRUE(trace.ok()) << trace.status().message();
  EXPECT_EQ(trace->spans.names, (std::vector<std::string_view>{"call"}));  // not its child
  EXPECT_EQ(trace->spans.parent_ids[0], span_id(1));
  ASSERT_EQ(trace->events.size(), 1u);
  EXPECT_EQ(trace->events.attributes.of(0).size(), 2u);
  EXPECT_EQ(trace->links.size(), 0u);
  ASSERT_EQ(trace->logs.size(), 1u);
  EXPECT_EQ(trace->logs.spans[0], 0u);
  TraceSource of_another = source;
  of_another.only = span_id(77);
  EXPECT_EQ(fetch_trace(trace_id(1), of_another).status().kind(), ErrorKind::not_found);
}

TEST_P(TraceInLayouts, search_gives_the_newest_traces_with_their_summary) {
  std::vector<TableRow> rows = one_trace();
  for (size_t i = 10; i < 40; ++i) {
    rows.push_back(
        span({.trace = i, .id = 1, .start = static_cast<int64_t>(i * 1000), .duration = 20, .name = "root"}));
    rows.push_back(span({.trace = i,
                         .id = 2,
                         .parent = 1,
                         .start = static_cast<int64_t>(i * 1000 + 15),
                         .duration = static_cast<int64_t>(i),
                         .name = "leaf",
                         .service = "db"}));
  }
  store::Snapshot snapshot = snapshot_of(rows, GetParam());
  auto found = search_traces({.filter = comparison("name", Operator::equal, "leaf"), .limit = 3}, snapshot);
  ASSERT_TRUE(found.ok()) << found.status().message();
  EXPECT_EQ(found->traces_matched, 30u);
  ASSERT_EQ(found->traces.size(), 3u);
  const TraceSummary& newest = found->traces[0];
  EXPECT_EQ(newest.id, trace_id(39));
  EXPECT_EQ(newest.root_name, "root");
  EXPECT_EQ(newest.root_service, "api");
  EXPECT_EQ(newest.services, (std::vector<std::string>{"api", "db"}));
  EXPECT_EQ(newest.span_count, 2u);
  EXPECT_EQ(newest.matched_count, 1u);
  EXPECT_EQ(newest.start, UnixNanos{39'000 * kMillisecond});
  EXPECT_EQ(newest.duration, milliseconds(54));
  EXPECT_FALSE(newest.root_is_missing);

  auto short_ones = search_traces(
      {.filter = comparison("name", Operator::equal, "leaf"), .longest = milliseconds(26), .limit = 20},
      snapshot);
  ASSERT_TRUE(short_ones.ok());
  EXPECT_EQ(short_ones->traces.size(), 2u);
  EXPECT_EQ(short_ones->traces[1].id, trace_id(10));

  auto orphans = search_traces({.filter = comparison("name", Operator::equal, "orphan")}, snapshot);
  ASSERT_EQ(orphans->traces.size(), 1u);
  EXPECT_EQ(orphans->traces[0].span_count, 4u);
  EXPECT_EQ(orphans->traces[0].root_name, "root");
}

TEST_P(TraceInLayouts, search_and_columns_know_conditions_on_other_spans_of_the_trace) {
  std::vector<TableRow> rows = one_trace();
  for (size_t i = 10; i < 14; ++i) {
    const auto start = static_cast<int64_t>(i * 1000);
    rows.push_back(
        span({.trace = i, .id = 1, .start = start, .duration = 20, .name = i == 12 ? "special" : "root"}));
    rows.push_back(
        span({.trace = i, .id = 2, .parent = 1, .start = start + 1, .duration = 5, .name = "leaf"}));
  }
  const store::Snapshot snapshot = snapshot_of(rows, GetParam());
  const auto related = [](std::string_view column, const char* value) {
    return comparison(column_with_relation(column), Operator::equal, {Value(std::string(value))});
  };
  const Filter leaf = comparison("name", Operator::equal, "leaf");
  auto found = search_traces({.filter = all_of({leaf, related("root.name", "special")})}, snapshot);
  ASSERT_TRUE(found.ok()) << found.status().to_string();
  ASSERT_EQ(found->traces.size(), 1u);
  EXPECT_EQ(found->traces[0].id, trace_id(12));
  EXPECT_EQ(found->traces[0].matched_count, 1u);
  EXPECT_EQ(search_traces({.filter = related("root.name", "special")}, snapshot)->traces.size(), 1u);
  EXPECT_EQ(search_traces({.filter = related("child.name", "leaf")}, snapshot)->traces.size(), 4u);

  auto columns = list_columns_of(related("root.name", "special"), snapshot, {}, {});
  ASSERT_TRUE(columns.ok()) << columns.status().to_string();
  EXPECT_FALSE(columns->empty());

  // Where it is not understood it is refused.
  const Filter either = any_of({leaf, related("root.name", "special")});
  EXPECT_EQ(search_traces({.filter = either}, snapshot).status().kind(), ErrorKind::bad_input);
  EXPECT_EQ(list_columns_of(either, snapshot, {}, {}).status().kind(), ErrorKind::bad_input);
}

TEST_P(TraceInLayouts, services_and_columns_are_listed) {
  store::Snapshot snapshot = snapshot_of(one_trace(), GetParam());
  auto services = list_services(snapshot, {});
  ASSERT_TRUE(services.ok()) << services.status().message();
  ASSERT_EQ(services->size(), 2u);
  EXPECT_EQ((*services)[0].name, "api");
  EXPECT_EQ((*services)[0].spans, 4u);
  EXPECT_EQ((*services)[1].p50_milliseconds, 10);
  EXPECT_EQ((*services)[1].last_seen, UnixNanos{5 * kMillisecond});
  auto columns = list_columns(snapshot, {});
  ASSERT_TRUE(columns.ok());
  auto has = [&](std::string_view name) {
    return std::any_of(columns->begin(), columns->end(),
                       [&](const ColumnDescription& c) { return c.name == name; });
  };
  for (std::string_view name : {"duration_ms", "duration_ns", "db.statement", "service.name", "is_root"})
    EXPECT_TRUE(has(name)) << name;
  auto values = list_values({"name", {}}, "r", 2, {}, snapshot);
  ASSERT_TRUE(values.ok());
  ASSERT_EQ(values->size(), 2u);
  EXPECT_EQ(to_text((*values)[0].value), "orphan");
}

INSTANTIATE_TEST_SUITE_P(layouts, TraceInLayouts,
                         ::testing::Values(Layout{}, Layout{.granule_rows = 1, .segment_granules = 2},
                                           Layout{.granule_rows = 3,
                                                  .strings = StringLayout::granule_dictionary},
                                           Layout{.granule_rows = 2, .strings = StringLayout::plain}));

TEST(Trace, parents_in_a_ring_do_not_hang) {
  std::vector<TableRow> rows{span({.id = 1, .parent = 2}), span({.id = 2, .parent = 3}),
                             span({.id = 3, .parent = 1}), span({.id = 4, .parent = 4})};
  auto trace = fetch_trace(trace_id(1), {snapshot_of(rows), {}, {}});
  ASSERT_TRUE(trace.ok());
  EXPECT_EQ(trace->spans.size(), 4u);
  EXPECT_EQ(std::count(trace->spans.parents.begin(), trace->spans.parents.end(), std::nullopt), 2);
}

TEST(Trace, of_ten_thousand_spans_in_one_chain) {
  std::vector<TableRow> rows;
  for (size_t i = 1; i <= 10'000; ++i)
    rows.push_back(span({.id = i, .parent = i - 1, .start = static_cast<int64_t>(i)}));
  auto trace = fetch_trace(trace_id(1), {snapshot_of(rows), {}, {}});
  ASSERT_TRUE(trace.ok());
  EXPECT_EQ(trace->spans.depths.back(), 9999u);
}

TEST(Trace, unknown_id_is_not_found) {
  auto trace = fetch_trace(trace_id(77), {snapshot_of(one_trace()), {}, {}});
  ASSERT_FALSE(trace.ok());
  EXPECT_EQ(trace.status().kind(), ErrorKind::not_found);
}

}  // namespace
}  // namespace clew::query::testing
