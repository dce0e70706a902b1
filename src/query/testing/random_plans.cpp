#include "query/testing/random_plans.h"

#include <cmath>

#include "base/hex.h"
#include "telemetry/ids.h"
#include "telemetry/semantic_names.h"

namespace clew::query::testing {
namespace {

using store::ColumnType;

constexpr int64_t kStart = 1'700'000'000'000'000'000;
constexpr int64_t kSecond = 1'000'000'000;

size_t below(Random& random, size_t end) {
  return random() % end;
}
bool one_in(Random& random, size_t n) {
  return below(random, n) == 0;
}

template <typename T>
const T& pick(Random& random, const std::vector<T>& from) {
  return from[below(random, from.size())];
}

std::string trace_bytes(size_t number) {
  return std::string(15, 't') + static_cast<char>('a' + number);
}
std::string span_bytes(size_t number) {
  return std::string(7, 's') + static_cast<char>('a' + number);
}

const std::vector<std::string> kTexts = {"",  "a", "ab",   "abc", "SELECT table7 WHERE", "table7", "x'\"y",
                                         "é", "5", "true", "zz"};
const std::vector<std::string> kNames = {"name",
                                         "service.name",
                                         "mixed",
                                         "number",
                                         "real",
                                         "flag",
                                         "duration_ms",
                                         "duration_ns",
                                         "trace.trace_id",
                                         "trace.span_id",
                                         "trace.parent_id",
                                         "is_root",
                                         "type",
                                         "span.kind",
                                         "many",
                                         "time",
                                         "meta.signal_type",
                                         "absent",
                                         "shadowed"};
const std::vector<std::string> kGroupNames = {
    "name", "service.name", "mixed",          "number",          "real",
    "flag", "duration_ms",  "trace.trace_id", "trace.parent_id", "is_root",
    "type", "many",         "absent",         "shadowed",        "meta.signal_type",
    "time"};
const std::vector<std::string> kNumberNames = {"mixed",    "number", "real",   "duration_ms", "duration_ns",
                                               "shadowed", "name",   "absent", "flag",        "time"};

// 0.25 steps: sums of them are exact in any order.
double quarter(Random& random) {
  return (static_cast<double>(below(random, 80)) - 40) / 4;
}

void add_mixed(Random& random, TableRow& row) {
  switch (below(random, 6)) {
    case 0:
      row.push_back(attribute("mixed", static_cast<int64_t>(below(random, 6))));
      break;
    case 1:
      row.push_back(attribute("mixed", quarter(random)));
      break;
    case 2:
      row.push_back(attribute("mixed", pick(random, kTexts)));
      break;
    case 3:
      row.push_back(attribute("mixed", one_in(random, 2)));
      break;
    case 4:
      row.push_back(resource("mixed", static_cast<int64_t>(below(random, 6))));
      break;
    default:
      break;
  }
}

Value random_literal(Random& random, const std::string& name) {
  if (name == "trace.trace_id")
    return one_in(random, 8) ? Value("zz") : Value(hex_of(trace_bytes(below(random, 12))));
  if (name == "trace.span_id" || name == "trace.parent_id") return hex_of(span_bytes(below(random, 22)));
  if (name == "time") {
    UnixNanos at{kStart + static_cast<int64_t>(below(random, 100)) * kSecond};
    return one_in(random, 2) ? Value(at) : Value(to_rfc3339(at));
  }
  if (name == "duration_ns" && one_in(random, 2)) return std::to_string(below(random, 20)) + "ms";
  switch (below(random, 8)) {
    case 0:
      return one_in(random, 2);
    case 1:
    case 2:
      return static_cast<int64_t>(below(random, 12)) - 3;
    case 3:
      return quarter(random);
    case 4:
      return static_cast<double>(below(random, 30));
    case 5:
      return 0x1p70;
    default:
      return pick(random, kTexts);
  }
}

Filter random_comparison(Random& random) {
  std::string name = pick(random, kNames);
  std::span<const OperatorInfo> operators = all_operators();
  const OperatorInfo& info = operators[below(random, operators.size())];
  std::vector<Value> values;
  size_t count = info.operands == Operands::none  ? 0
                 : info.operands == Operands::one ? 1
                                                  : 1 + below(random, 3);
  for (size_t i = 0; i < count; ++i) values.push_back(random_literal(random, name));
  if (info.op == Operator::matches || info.op == Operator::does_not_match)
    values = {pick<std::string>(random, {"^a", "b$", "t.ble[0-9]", "", "(a|z)+"})};
  std::optional<store::Scope> scope;
  if (one_in(random, 10)) scope = static_cast<store::Scope>(1 + below(random, 4));
  return comparison(ColumnName{name, scope}, info.op, values);
}

Filter random_filter(Random& random, size_t depth) {
  if (depth == 0 || one_in(random, 2)) return random_comparison(random);
  std::vector<Filter> children;
  for (size_t i = below(random, 4); i-- > 0;) children.push_back(random_filter(random, depth - 1));
  switch (below(random, 3)) {
    case 0:
      return any_of(std::move(children));
    case 1:
      return none_of(std::move(children));
    default:
      return all_of(std::move(children));
  }
}

Calculation random_calculation(Random& random) {
  using Kind = CalculationKind;
  Calculation calculation;
  calculation.kind =
      pick<Kind>(random, {Kind::count, Kind::count, Kind::sum, Kind::average, Kind::minimum, Kind::maximum,
                          Kind::count_distinct, Kind::percentile, Kind::percentile, Kind::heatmap});
  if (calculation.kind == Kind::percentile)
    calculation.quantile = pick<double>(random, {0, 0.001, 0.5, 0.95, 0.99, 1});
  bool any_column = calculation.kind == Kind::count_distinct || calculation.kind == Kind::count;
  if (calculation.kind != Kind::count || one_in(random, 3))
    calculation.column = ColumnName{pick(random, any_column ? kNames : kNumberNames), {}};
  // Sums of times are so large that the last bits of doubles matter, and orders by them with those.
  bool sums = calculation.kind == Kind::sum || calculation.kind == Kind::average;
  if (sums && calculation.column->name == "time") calculation.column->name = "real";
  if (one_in(random, 4)) calculation.filter = random_comparison(random);
  return calculation;
}

TimeRange random_range(Random& random) {
  if (one_in(random, 2)) return {};
  int64_t from = kStart + static_cast<int64_t>(below(random, 100)) * kSecond;
  return {{from}, {from + static_cast<int64_t>(below(random, 60)) * kSecond + 1}};
}

void add_orders(Random& random, Plan& plan) {
  for (size_t i = below(random, 3); i-- > 0;) {
    bool by_group = !plan.group_by.empty() && one_in(random, 2);
    size_t position = below(random, by_group ? plan.group_by.size() : plan.calculations.size());
    if (!by_group && plan.calculations[position].kind == CalculationKind::heatmap) continue;
    plan.orders.push_back({.by = by_group ? Order::By::group_column : Order::By::calculation,
                           .position = position,
                           .direction = one_in(random, 2) ? Direction::ascending : Direction::descending});
  }
}

}  // namespace

std::vector<TableRow> random_rows(Random& random, size_t count) {
  std::vector<TableRow> rows;
  for (size_t i = 0; i < count; ++i) {
    // Mostly in the order of time, with many ties.
    TableRow row{at_time(kStart + static_cast<int64_t>(i * 100 / count + below(random, 3)) * kSecond)};
    size_t span = below(random, 20);
    row.push_back(
        intrinsic(std::string(names::kTraceId), ColumnType::trace_id, trace_bytes(below(random, 10))));
    if (!one_in(random, 4)) {
      row.push_back(intrinsic(std::string(names::kSpanId), ColumnType::span_id, span_bytes(span)));
      row.push_back(
          intrinsic(std::string(names::kDuration), ColumnType::duration,
                    static_cast<int64_t>(below(random, 100)) * (one_in(random, 6) ? 100'000'000 : 250'000)));
      row.push_back(intrinsic(std::string(names::kSpanKind), ColumnType::string,
                              one_in(random, 2) ? "server" : "client"));
    } else {
      row.push_back(
          intrinsic(std::string(names::kAnnotationType), ColumnType::string, std::string("span_event")));
    }
    if (!one_in(random, 3))
      row.push_back(
          intrinsic(std::string(names::kParentId), ColumnType::span_id, span_bytes(below(random, 20))));
    row.push_back(intrinsic(std::string(names::kName), ColumnType::string, pick(random, kTexts)));
    if (one_in(random, 20)) row.push_back(attribute("name", pick(random, kTexts)));
    row.push_back(resource("service.name", "service-" + std::to_string(below(random, 5))));
    if (one_in(random, 500)) {
      row.push_back(attribute("number", INT64_MAX));
    } else if (one_in(random, 2)) {
      row.push_back(attribute("number", static_cast<int64_t>(below(random, 10)) - 2));
    }
    if (one_in(random, 2))
      row.push_back(attribute("real", one_in(random, 30) ? std::nan("") : quarter(random)));
    if (one_in(random, 3)) row.push_back(attribute("flag", one_in(random, 2)));
    if (one_in(random, 2)) row.push_back(attribute("many", "user-" + std::to_string(below(random, 300))));
    if (one_in(random, 9)) row.push_back(attribute("shadowed", static_cast<int64_t>(below(random, 5))));
    row.push_back(resource("shadowed", static_cast<int64_t>(100'000 * below(random, 5))));
    if (one_in(random, 9))
      row.push_back(intrinsic(std::string(names::kSampleRate), ColumnType::int64,
                              static_cast<int64_t>(below(random, 20))));
    add_mixed(random, row);
    rows.push_back(std::move(row));
  }
  return rows;
}

// Fields over all kinds of columns; some hide a column of their name.
const std::vector<CalculatedField> kFields = {
    {"field", "IF(GTE($number, 3), $name, EXISTS($real), $real, $flag)"},
    {"field.text", "CONCAT($service.name, \":\", STARTS_WITH($name, \"a\"))"},
    {"field.lower", "TO_LOWER($name)"},
    {"field.sum", "SUM($number, $real, $mixed)"},
    {"field.ms", "DIV($duration_ns, 1000000)"},
    {"number", "SUM($number, 1)"},
    {"field.two", "MUL($field.sum, 2)"},
    {"field.time", "IF($flag, $time)"},
    {"many", "IF($is_root, $many, $trace.trace_id)"},
};

void add_fields(Random& random, Plan& plan) {
  for (size_t i = 1 + below(random, kFields.size()); i-- > 0;) {
    const CalculatedField& field = kFields[i];
    plan.fields.push_back(field);
    if (!plan.rows && one_in(random, 2) && field.name != "field.time")
      plan.group_by.push_back({field.name, {}});
    if (!plan.rows && one_in(random, 3))
      plan.calculations.push_back(
          {.kind = one_in(random, 2) ? CalculationKind::maximum : CalculationKind::count_distinct,
           .quantile = 0,
           .column = ColumnName{field.name, {}},
           .alias = {},
           .filter = {}});
    if (one_in(random, 6))
      plan.filter = all_of({plan.filter, comparison(field.name, Operator::does_not_exist)});
    if (one_in(random, 4))
      plan.filter = all_of({plan.filter, comparison(field.name, Operator::not_equal, int64_t{4})});
    if (plan.rows && !plan.rows->columns.empty()) plan.rows->columns.push_back({field.name, {}});
  }
}

void add_related(Random& random, Plan& plan) {
  const auto relation = [&](size_t most) { return static_cast<Relation>(1 + below(random, most)); };
  const std::vector<std::string> kAsked = {"name", "number", "flag", "service.name", "mixed", "duration_ms"};
  std::vector<Filter> conditions{plan.filter};
  for (size_t i = below(random, 4); i-- > 0;) {
    const std::string name = pick(random, kAsked);
    Filter condition =
        one_in(random, 2)
            ? comparison(name, one_in(random, 2) ? Operator::exists : Operator::does_not_exist)
            : comparison(name, static_cast<Operator>(below(random, 6)), random_literal(random, name));
    condition.column.relation = relation(7);
    conditions.push_back(std::move(condition));
  }
  if (conditions.size() > 1) plan.filter = all_of(std::move(conditions));
  for (size_t i = below(random, 3); i-- > 0;)
    plan.group_by.push_back({pick(random, kAsked), {}, relation(6)});
}

Plan random_plan(Random& random) {
  Plan plan;
  plan.range = random_range(random);
  if (!one_in(random, 3)) plan.filter = random_filter(random, 3);
  plan.limit = one_in(random, 2) ? 1000 : 1 + below(random, 20);
  if (one_in(random, 6)) {
    plan.rows = RowsWanted{.columns = {},
                           .order_by_time = one_in(random, 3) ? Direction::ascending : Direction::descending};
    if (!one_in(random, 3))
      plan.rows->columns = {{"time", {}}, {pick(random, kNames), {}}, {pick(random, kNames), {}}};
    if (!plan.rows->columns.empty() && one_in(random, 2)) add_fields(random, plan);
    return plan;
  }
  for (size_t i = 1 + below(random, 3); i-- > 0;) plan.calculations.push_back(random_calculation(random));
  if (one_in(random, 3)) add_fields(random, plan);
  for (size_t i = below(random, 4); i-- > 0;) plan.group_by.push_back({pick(random, kGroupNames), {}});
  if (one_in(random, 3)) {
    plan.granularity =
        pick<Nanoseconds>(random, {seconds(1), seconds(7), seconds(60), milliseconds(100), hours(24)});
    if (one_in(random, 2)) plan.buckets = TimeBuckets::rows;
  }
  if (one_in(random, 4)) add_related(random, plan);
  if (plan.granularity && plan.buckets == TimeBuckets::series && one_in(random, 2)) {
    plan.calculations.push_back(
        {.kind = pick<CalculationKind>(random, {CalculationKind::rate_average, CalculationKind::rate_sum,
                                                CalculationKind::rate_maximum}),
         .quantile = 0,
         .column = ColumnName{one_in(random, 2) ? "number" : "real", {}},
         .alias = "rate",
         .filter = {}});
  }
  if (plan.buckets == TimeBuckets::series && one_in(random, 4)) {
    plan.calculations.push_back({.kind = CalculationKind::concurrency,
                                 .quantile = 0,
                                 .column = {},
                                 .alias = "running",
                                 .filter = one_in(random, 3) ? random_comparison(random) : Filter{}});
  }
  if (one_in(random, 4)) {
    Calculation all{
        .kind = CalculationKind::count, .quantile = 0, .column = {}, .alias = "all", .filter = {}};
    Calculation formula{
        .kind = CalculationKind::formula, .quantile = 0, .column = {}, .alias = "ratio", .filter = {}};
    const std::string& last = plan.calculations.back().alias;
    formula.expression = last == "running" ? "DIV($running, $all)"
                         : last == "rate"  ? "DIV($rate, $all)"
                                           : "IF($all > 2, $all * 2, $all / 3)";
    plan.calculations.push_back(std::move(all));
    plan.calculations.push_back(std::move(formula));
  }
  add_orders(random, plan);
  if (one_in(random, 4) && plan.calculations[0].kind != CalculationKind::heatmap) {
    plan.having.push_back({.calculation = 0,
                           .op = static_cast<Operator>(below(random, 6)),
                           .value = static_cast<double>(below(random, 10))});
  }
  plan.totals = one_in(random, 3);
  plan.others = one_in(random, 3);
  if (one_in(random, 5)) plan.weighting = Weighting::stored_rows;
  if (one_in(random, 3)) plan.heatmap_steps = HeatmapSteps::logarithmic;
  return plan;
}

Layout random_layout(Random& random) {
  return {.granule_rows = pick<uint32_t>(random, {1, 7, 64, 100, 1000, 65'536}),
          .segment_granules = pick<uint32_t>(random, {1, 3, 1000}),
          .strings = static_cast<StringLayout>(below(random, 4))};
}

}  // namespace clew::query::testing
