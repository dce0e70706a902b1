// Random plans over random data, answered by the engine and by SQLite: a second opinion that nobody here
// wrote. Of the plans those that SQL can say: comparisons of columns that have one type, groups, time
// buckets, and every calculation but percentiles and heat maps. CLEW_SEED starts elsewhere, CLEW_ROUNDS asks
// for more.
#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "query/run.h"
#include "query/short_form.h"
#include "query/testing/naive_rows.h"
#include "query/testing/random_plans.h"
#include "telemetry/semantic_names.h"

namespace clew::query::testing {
namespace {

enum class Kind : uint8_t { integer, real, text, boolean };
struct SqlColumn {
  const char* name;
  Kind kind;
};
constexpr SqlColumn kColumns[] = {
    {"time", Kind::integer},     {"number", Kind::integer},      {"duration_ns", Kind::integer},
    {"real", Kind::real},        {"name", Kind::text},           {"service.name", Kind::text},
    {"many", Kind::text},        {"trace.trace_id", Kind::text}, {"flag", Kind::boolean},
    {"shadowed", Kind::integer}, {"is_root", Kind::boolean},     {"meta.signal_type", Kind::text}};

std::string in_quotes(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) out.append(c == quote ? 2 : 1, c);
  return out + quote;
}
std::string column_sql(std::string_view name) {
  return in_quotes(name, '"');
}

std::string literal_sql(const Value& value) {
  if (is_null(value)) return "NULL";
  if (const auto* text = std::get_if<std::string>(&value)) return in_quotes(*text, '\'');
  if (const auto* real = std::get_if<double>(&value)) {
    char digits[40];
    std::snprintf(digits, sizeof digits, "%.17g", *real);
    return std::string(digits).find_first_of(".e") == std::string::npos ? std::string(digits) + ".0" : digits;
  }
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "1" : "0";
  if (const auto* time = std::get_if<UnixNanos>(&value)) return std::to_string(time->count);
  return std::to_string(std::get<int64_t>(value));
}

std::string comparison_sql(const Filter& filter) {
  const std::string column = column_sql(filter.column.name);
  const auto value = [&](size_t i = 0) { return literal_sql(filter.values[i]); };
  const auto list = [&] {
    std::string all;
    for (size_t i = 0; i < filter.values.size(); ++i) all += (i == 0 ? "" : ",") + value(i);
    return "(" + all + ")";
  };
  switch (filter.op) {
    case Operator::equal:
      return column + "=" + value();
    case Operator::not_equal:
      return "NOT " + column + "=" + value();
    case Operator::greater:
      return column + ">" + value();
    case Operator::greater_or_equal:
      return column + ">=" + value();
    case Operator::less:
      return column + "<" + value();
    case Operator::less_or_equal:
      return column + "<=" + value();
    case Operator::in:
      return column + " IN " + list();
    case Operator::not_in:
      return "NOT " + column + " IN " + list();
    case Operator::exists:
      return column + " IS NOT NULL";
    case Operator::does_not_exist:
      return column + " IS NULL";
    case Operator::contains:
      return "instr(" + column + "," + value() + ")>0";
    case Operator::starts_with:
      return "substr(" + column + ",1,length(" + value() + "))=" + value();
    default:
      break;
  }
  ADD_FAILURE() << "an operator without SQL";
  return "0";
}

// No value is neither true nor false in SQL; here it does not match, and its opposite does.
std::string filter_sql(const Filter& filter) {
  if (filter.kind == Filter::Kind::comparison) {
    const std::string sql = comparison_sql(filter);
    return sql.starts_with("NOT ") ? "NOT coalesce(" + sql.substr(4) + ",0)" : "coalesce(" + sql + ",0)";
  }
  const bool all = filter.kind == Filter::Kind::all;
  std::string joined;
  for (const Filter& child : filter.children)
    joined += (joined.empty() ? "" : all ? " AND " : " OR ") + filter_sql(child);
  if (joined.empty()) joined = all ? "1" : "0";
  return (filter.kind == Filter::Kind::none ? "NOT (" : "(") + joined + ")";
}

std::string calculation_sql(const Calculation& calculation, bool weighted) {
  const std::string weight = weighted ? "weight" : "1";
  const std::string column = calculation.column ? column_sql(calculation.column->name) : "1";
  const std::string only = " FILTER (WHERE " + filter_sql(calculation.filter) + ")";
  const std::string present =
      " FILTER (WHERE " + filter_sql(calculation.filter) + " AND " + column + " IS NOT NULL)";
  switch (calculation.kind) {
    case CalculationKind::count:
      return "coalesce(sum(" + weight + ")" + present + ",0)";
    case CalculationKind::sum:
      return "sum(" + column + "*1.0*" + weight + ")" + only;
    case CalculationKind::average:
      return "sum(" + column + "*1.0*" + weight + ")" + only + "/sum(" + weight + ")" + present;
    case CalculationKind::minimum:
      return "min(" + column + ")" + only;
    case CalculationKind::maximum:
      return "max(" + column + ")" + only;
    case CalculationKind::count_distinct:
      return "count(DISTINCT " + column + ")" + only;
    default:
      break;
  }
  ADD_FAILURE() << "a calculation without SQL";
  return "0";
}

class SqliteTable {
 public:
  explicit SqliteTable(const std::vector<TableRow>& rows) {
    sqlite3* handle = nullptr;
    sqlite3_open(":memory:", &handle);
    database_.reset(handle);
    std::string columns = "weight";
    for (const SqlColumn& column : kColumns) columns += "," + column_sql(column.name);
    run("CREATE TABLE rows (" + columns + ")");
    run("BEGIN");
    for (const TableRow& row : rows) {
      const Cell* rate = find_intrinsic(row, names::kSampleRate);
      std::string values = std::to_string(rate ? std::max<int64_t>(1, std::get<int64_t>(rate->value)) : 1);
      for (const SqlColumn& column : kColumns)
        values += "," + literal_sql(naive_value({column.name, {}}, row, Signal::traces));
      run("INSERT INTO rows VALUES (" + values + ")");
    }
    run("COMMIT");
  }

  // Cells as the engine would give them, as far as SQL tells.
  std::vector<std::vector<Value>> run(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database_.get()) << ": " << sql;
    std::vector<std::vector<Value>> rows;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      std::vector<Value>& row = rows.emplace_back();
      for (int i = 0; i < sqlite3_column_count(statement); ++i) row.push_back(cell(statement, i));
    }
    sqlite3_finalize(statement);
    return rows;
  }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
  };
  static Value cell(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
      case SQLITE_INTEGER:
        return static_cast<int64_t>(sqlite3_column_int64(statement, column));
      case SQLITE_FLOAT:
        return sqlite3_column_double(statement, column);
      case SQLITE_TEXT:
        return std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)),
                           static_cast<size_t>(sqlite3_column_bytes(statement, column)));
      default:
        return {};
    }
  }
  std::unique_ptr<sqlite3, Close> database_;
};

template <typename T>
const T& pick(Random& random, const std::vector<T>& from) {
  return from[random() % from.size()];
}

Value literal_for(Random& random, const SqlColumn& column) {
  switch (column.kind) {
    case Kind::integer:
      if (std::string_view(column.name) == "time")
        return UnixNanos{1'700'000'000'000'000'000 + static_cast<int64_t>(random() % 100) * 1'000'000'000};
      return static_cast<int64_t>(random() % 12) - 3;
    case Kind::real:
      return (static_cast<double>(random() % 80) - 40) / 4;
    case Kind::boolean:
      return random() % 2 == 0;
    case Kind::text:
      return pick<std::string>(random, {"a", "ab", "service-2", "user-17", "x'\"y", "zz", "trace", "table"});
  }
  return {};
}

Filter random_comparison(Random& random) {
  const SqlColumn& column = kColumns[random() % std::size(kColumns)];
  std::vector<Operator> operators = {Operator::equal,          Operator::not_equal, Operator::exists,
                                     Operator::does_not_exist, Operator::in,        Operator::not_in};
  const bool is_id = std::string_view(column.name) == "trace.trace_id";
  if (column.kind != Kind::boolean && !is_id)
    operators.insert(operators.end(), {Operator::greater, Operator::greater_or_equal, Operator::less,
                                       Operator::less_or_equal});
  if (column.kind == Kind::text && !is_id)
    operators.insert(operators.end(), {Operator::contains, Operator::starts_with});
  const Operator op = pick(random, operators);
  const bool none = op == Operator::exists || op == Operator::does_not_exist;
  const size_t count = none ? 0 : op == Operator::in || op == Operator::not_in ? 1 + random() % 3 : 1;
  std::vector<Value> values;
  for (size_t i = 0; i < count; ++i) values.push_back(literal_for(random, column));
  return comparison(ColumnName{column.name, {}}, op, std::move(values));
}

Filter random_filter(Random& random, int depth) {
  if (depth == 0 || random() % 3 == 0) return random_comparison(random);
  std::vector<Filter> children;
  for (size_t i = random() % 4; i-- > 0;) children.push_back(random_filter(random, depth - 1));
  switch (random() % 3) {
    case 0:
      return any_of(std::move(children));
    case 1:
      return none_of(std::move(children));
    default:
      return all_of(std::move(children));
  }
}

Plan random_sql_plan(Random& random) {
  Plan plan;
  plan.limit = 10'000;
  if (random() % 4 != 0) plan.filter = random_filter(random, 3);
  using Of = CalculationKind;
  for (size_t i = 1 + random() % 3; i-- > 0;) {
    Calculation calculation;
    calculation.kind =
        pick<Of>(random, {Of::count, Of::sum, Of::average, Of::minimum, Of::maximum, Of::count_distinct});
    const bool any = calculation.kind == Of::count || calculation.kind == Of::count_distinct;
    if (any && random() % 2 == 0)
      calculation.column = ColumnName{kColumns[random() % std::size(kColumns)].name, {}};
    else if (calculation.kind != Of::count)
      calculation.column =
          ColumnName{pick<std::string>(random, {"number", "real", "duration_ns", "shadowed"}), {}};
    if (random() % 4 == 0) calculation.filter = random_comparison(random);
    plan.calculations.push_back(std::move(calculation));
  }
  for (size_t i = random() % 3; i-- > 0;) plan.group_by.push_back({kColumns[1 + random() % 9].name, {}});
  if (random() % 3 == 0) {
    plan.granularity = pick<Nanoseconds>(random, {seconds(1), seconds(7), seconds(60)});
    plan.buckets = TimeBuckets::rows;
  }
  if (random() % 4 == 0) plan.weighting = Weighting::stored_rows;
  return plan;
}

std::string plan_sql(const Plan& plan) {
  std::string keys, all;
  const auto add_key = [&](const std::string& sql) { keys += (keys.empty() ? "" : ",") + sql; };
  if (plan.granularity) {
    const std::string width = std::to_string(plan.granularity->count);
    add_key("time-time%" + width);
  }
  for (const ColumnName& name : plan.group_by) add_key(column_sql(name.name));
  all = keys;
  for (const Calculation& calculation : plan.calculations)
    all += (all.empty() ? "" : ",") + calculation_sql(calculation, plan.weighting == Weighting::sample_rate);
  return "SELECT " + all + " FROM rows WHERE " + filter_sql(plan.filter) +
         (keys.empty() ? "" : " GROUP BY " + keys);
}

// Numbers of all kinds, times and booleans as SQL has them; sums may differ in their last bits.
std::string key_text(const Value& value) {
  if (const auto* boolean = std::get_if<bool>(&value)) return std::to_string(*boolean ? 1.0 : 0.0);
  if (const auto* time = std::get_if<UnixNanos>(&value))
    return std::to_string(static_cast<double>(time->count));
  if (const auto number = number_in(value)) return std::to_string(*number + 0.0);
  return to_text(value);
}
bool nearly_equal(const Value& a, const Value& b) {
  const auto x = number_in(a), y = number_in(b);
  if (!x || !y) return is_null(a) == is_null(b);
  return std::abs(*x - *y) <= 1e-9 * std::max({1.0, std::abs(*x), std::abs(*y)});
}

// What SQL and the engine mean differently on purpose: NaN, and integer sums beyond 64 bits.
std::vector<TableRow> rows_for_sql(Random& random, size_t count) {
  std::vector<TableRow> rows = random_rows(random, count);
  for (TableRow& row : rows) {
    std::erase_if(row, [](const Cell& cell) {
      const auto* real = std::get_if<double>(&cell.value);
      const auto* integer = std::get_if<int64_t>(&cell.value);
      return (real && std::isnan(*real)) || (integer && *integer == INT64_MAX);
    });
  }
  return rows;
}

uint64_t number_from_environment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(SqliteDifferential, TheEngineAgreesWithSqlite) {
  const uint64_t first_seed = number_from_environment("CLEW_SEED", 1);
  const uint64_t rounds = number_from_environment("CLEW_ROUNDS", 40);
  uint64_t plans = 0, groups = 0;
  for (uint64_t seed = first_seed; seed < first_seed + rounds; ++seed) {
    Random random(seed);
    const std::vector<TableRow> rows = rows_for_sql(random, 1 + random() % 500);
    const store::Snapshot snapshot = snapshot_of(rows, random_layout(random));
    SqliteTable table(rows);
    for (int i = 0; i < 50; ++i) {
      const Plan plan = random_sql_plan(random);
      const std::string sql = plan_sql(plan);
      SCOPED_TRACE("seed " + std::to_string(seed) + " plan " + std::to_string(i) + ": " +
                   short_form_of(plan) + "\n" + sql);
      const auto got = run(plan, snapshot);
      ASSERT_TRUE(got.ok()) << got.status().to_string();
      const auto expected = table.run(sql);
      ASSERT_EQ(got->row_count, expected.size());
      const size_t keys = got->columns.size() - plan.calculations.size();
      std::map<std::string, const std::vector<Value>*> by_key;
      for (const auto& row : expected) {
        std::string key;
        for (size_t k = 0; k < keys; ++k) key += key_text(row[k]) + "|";
        by_key[key] = &row;
      }
      for (size_t row = 0; row < got->row_count; ++row) {
        std::string key;
        for (size_t k = 0; k < keys; ++k) key += key_text(got->columns[k].values[row]) + "|";
        ASSERT_TRUE(by_key.contains(key)) << "group " << key;
        for (size_t c = keys; c < got->columns.size(); ++c)
          ASSERT_TRUE(nearly_equal(got->columns[c].values[row], (*by_key[key])[c]))
              << got->columns[c].name << " of " << key << ": " << to_text(got->columns[c].values[row])
              << " and " << to_text((*by_key[key])[c]);
        ++groups;
      }
      ++plans;
    }
  }
  printf("[          ] %llu plans, %llu groups compared\n", static_cast<unsigned long long>(plans),
         static_cast<unsigned long long>(groups));
}

}  // namespace
}  // namespace clew::query::testing
