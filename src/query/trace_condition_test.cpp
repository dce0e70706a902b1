#include "query/trace_condition.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "query/testing/naive_evaluator.h"
#include "query/testing/random_plans.h"
#include "telemetry/semantic_names.h"

namespace clew::query::testing {
namespace {

using Kind = TraceCondition::Kind;
using store::ColumnType;

constexpr int64_t kStart = 1'767'225'600'000'000'000;
constexpr int64_t kSecond = 1'000'000'000;

std::string id_of(uint64_t number, size_t size) {
  std::string bytes(size, '\0');
  bytes.back() = static_cast<char>(number);
  return bytes;
}

TableRow span(uint64_t trace, uint64_t id, uint64_t parent, std::string service, int64_t second = 0,
              int64_t duration = 1) {
  TableRow row = {at_time(kStart + second * kSecond),
                  intrinsic(std::string(names::kTraceId), ColumnType::trace_id, id_of(trace, 16)),
                  intrinsic(std::string(names::kSpanId), ColumnType::span_id, id_of(id, 8)),
                  intrinsic(std::string(names::kDuration), ColumnType::duration, duration * kSecond),
                  resource("service.name", service)};
  if (parent != 0)
    row.push_back(intrinsic(std::string(names::kParentId), ColumnType::span_id, id_of(parent, 8)));
  return row;
}

Filter of_service(const std::string& name) {
  return comparison("service.name", Operator::equal, name);
}

std::set<int> found(const TraceCondition& condition, const std::vector<TableRow>& rows,
                    TimeRange range = {}) {
  std::optional<std::set<int>> first;
  for (const Layout& layout : {Layout{}, Layout{.granule_rows = 1, .segment_granules = 1}}) {
    const RunOptions options;
    QueryLimits limits(options);
    auto traces =
        find_traces({.range = range, .conditions = {condition}}, snapshot_of(rows, layout), options, limits);
    EXPECT_TRUE(traces.ok()) << traces.status().to_string();
    std::set<int> numbers;
    for (const FoundTrace& trace : traces->traces) numbers.insert(trace.id.bytes[15]);
    EXPECT_EQ(numbers, first.value_or(numbers)) << "with rows cut in another way";
    first = numbers;
  }
  return *first;
}

TEST(TraceCondition, each_kind) {
  // 1: a → b → c; 2: b alone; 3: its root has not arrived: c, then a.
  const std::vector<TableRow> rows = {span(1, 1, 0, "a", 0, 9), span(1, 2, 1, "b", 1), span(1, 3, 2, "c", 2),
                                      span(2, 1, 0, "b", 5),    span(3, 2, 9, "c", 6), span(3, 3, 2, "a", 7)};
  const struct {
    TraceCondition condition;
    std::set<int> expected;
  } cases[] = {
      {{}, {1, 2, 3}},
      {some_span(of_service("b")), {1, 2}},
      {all_conditions({some_span(of_service("a")), some_span(of_service("b"))}), {1}},
      {no_condition({some_span(of_service("a"))}), {2}},
      {any_condition({}), {}},
      {root_span(of_service("a")), {1}},
      {root_span(of_service("c")), {3}},
      {some_child(of_service("b"), of_service("a")), {1}},
      {some_child(of_service("c"), of_service("a")), {}},
      {some_childless(of_service("c"), of_service("a")), {1}},
      {some_childless(of_service("b"), of_service("c")), {2}},
      {duration_of_trace(Operator::greater, seconds(8)), {1}},
      {duration_of_trace(Operator::less_or_equal, seconds(1)), {2}},
      {no_condition({duration_of_trace(Operator::equal, seconds(1))}), {1, 3}},
  };
  for (size_t i = 0; i < std::size(cases); ++i)
    EXPECT_EQ(found(cases[i].condition, rows), cases[i].expected) << "case " << i;
  EXPECT_EQ(found({}, rows, {{kStart + 5 * kSecond}, {kStart + 6 * kSecond}}), (std::set<int>{2}));
  EXPECT_EQ(found(root_span(of_service("a")), rows, {{kStart + 2 * kSecond}, {kStart + 3 * kSecond}}),
            (std::set<int>{1}))
      << "the root began before the range";
}

TEST(TraceCondition, too_many_conditions_are_refused) {
  std::vector<TraceCondition> many;
  for (int i = 0; i < 65; ++i) many.push_back(some_span(of_service("s" + std::to_string(i))));
  const RunOptions options;
  QueryLimits limits(options);
  const auto refused = find_traces({.conditions = {any_condition(std::move(many))}},
                                   snapshot_of({span(1, 1, 0, "a")}), options, limits);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.status().kind(), ErrorKind::bad_input);
}

// The oracle: one trace after the other, one span after the other.
class Naive {
 public:
  explicit Naive(const std::vector<TableRow>& rows) {
    for (const TableRow& row : rows) traces_[text(row, names::kTraceId)].push_back(&row);
  }
  std::set<std::string> matching(const TraceCondition& condition) const {
    std::set<std::string> ids;
    for (const auto& [id, spans] : traces_) {
      if (holds(condition, spans)) ids.insert(id);
    }
    return ids;
  }

 private:
  using Spans = std::vector<const TableRow*>;
  static std::string text(const TableRow& row, std::string_view name) {
    for (const Cell& cell : row) {
      if (cell.column.name == name) return std::get<std::string>(cell.value);
    }
    return "";
  }
  static int64_t number(const TableRow& row, std::string_view name) {
    for (const Cell& cell : row) {
      if (cell.column.name == name) return std::get<int64_t>(cell.value);
    }
    return 0;
  }
  static bool matches(const Filter& filter, const TableRow& row) {
    return naive_matches(filter, row, Signal::traces);
  }
  static bool holds(const TraceCondition& condition, const Spans& spans) {
    const auto child = [&](const TraceCondition& one) { return holds(one, spans); };
    const auto& children = condition.children;
    switch (condition.kind) {
      case Kind::all:
        return std::all_of(children.begin(), children.end(), child);
      case Kind::any:
        return std::any_of(children.begin(), children.end(), child);
      case Kind::none:
        return std::none_of(children.begin(), children.end(), child);
      case Kind::span:
        return std::any_of(spans.begin(), spans.end(),
                           [&](const TableRow* row) { return matches(condition.filter, *row); });
      case Kind::root: {
        const auto key = [](const TableRow* row) {
          return std::tuple(!text(*row, names::kParentId).empty(), number(*row, names::kTime));
        };
        return matches(condition.filter,
                       **std::min_element(spans.begin(), spans.end(),
                                          [&](auto* a, auto* b) { return key(a) < key(b); }));
      }
      case Kind::child:
      case Kind::childless:
        for (const TableRow* row : spans) {
          if (!matches(condition.filter, *row)) continue;
          const bool parent_asked = condition.kind == Kind::child;
          const bool has = std::any_of(spans.begin(), spans.end(), [&](const TableRow* other) {
            const TableRow* child_row = parent_asked ? row : other;
            const TableRow* parent_row = parent_asked ? other : row;
            return matches(condition.other, *other) && !text(*child_row, names::kParentId).empty() &&
                   text(*child_row, names::kParentId) == text(*parent_row, names::kSpanId);
          });
          if (has == parent_asked) return true;
        }
        return false;
      default: {
        int64_t start = INT64_MAX, end = INT64_MIN;
        for (const TableRow* row : spans) {
          start = std::min(start, number(*row, names::kTime));
          end = std::max(end, number(*row, names::kTime) + number(*row, names::kDuration));
        }
        return condition.op == Operator::greater ? end - start > condition.duration.count
                                                 : end - start <= condition.duration.count;
      }
    }
  }
  std::map<std::string, Spans> traces_;
};

TraceCondition random_condition(Random& random, int depth) {
  const auto filter = [&] { return of_service("s" + std::to_string(random() % 4)); };
  const auto children = [&] {
    std::vector<TraceCondition> list;
    for (uint64_t i = random() % 4; i > 0; --i) list.push_back(random_condition(random, depth + 1));
    return list;
  };
  switch (random() % (depth > 2 ? 5 : 8)) {
    case 0:
      return some_span(filter());
    case 1:
      return root_span(filter());
    case 2:
      return some_child(filter(), filter());
    case 3:
      return some_childless(filter(), filter());
    case 4:
      return duration_of_trace(random() % 2 == 0 ? Operator::greater : Operator::less_or_equal,
                               seconds(static_cast<int64_t>(random() % 60)));
    case 5:
      return all_conditions(children());
    case 6:
      return any_condition(children());
    default:
      return no_condition(children());
  }
}

TEST(TraceCondition, agrees_with_the_naive_evaluation) {
  ThreadPool pool(1);
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Random random(seed);
    std::vector<TableRow> rows;
    int64_t second = 0;
    for (uint64_t trace = 1; trace <= 1 + random() % 20; ++trace) {
      const uint64_t count = 1 + random() % 6;
      for (uint64_t id = 1; id <= count; ++id)
        rows.push_back(span(trace, id, random() % 6 == 0 ? 99 : random() % id,
                            "s" + std::to_string(random() % 4), ++second % 50,
                            static_cast<int64_t>(random() % 20)));
    }
    // Times are distinct within a trace, as its spans are fewer than the seconds.
    std::shuffle(rows.begin(), rows.end(), random);
    const store::Snapshot snapshot = snapshot_of(rows, random_layout(random));
    const Naive naive(rows);
    for (int i = 0; i < 30; ++i) {
      const TraceCondition first = random_condition(random, 0),
                           second_condition = random_condition(random, 0);
      const RunOptions options{.pool = i % 2 == 0 ? &pool : nullptr};
      QueryLimits limits(options);
      auto result = find_traces({.conditions = {first, second_condition}, .wants_times = i % 3 == 0},
                                snapshot, options, limits);
      ASSERT_TRUE(result.ok()) << result.status().to_string();
      std::set<std::string> of_first, of_both;
      for (const FoundTrace& trace : result->traces) {
        of_first.emplace(trace.id.view());
        if (trace.holds[1]) of_both.emplace(trace.id.view());
      }
      std::set<std::string> expected = naive.matching(first), expected_both;
      const std::set<std::string> also = naive.matching(second_condition);
      std::set_intersection(expected.begin(), expected.end(), also.begin(), also.end(),
                            std::inserter(expected_both, expected_both.end()));
      ASSERT_EQ(of_first, expected) << "seed " << seed << " condition " << i;
      ASSERT_EQ(of_both, expected_both) << "seed " << seed << " condition " << i;
    }
  }
}

}  // namespace
}  // namespace clew::query::testing
