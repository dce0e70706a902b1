#include "query/short_form.h"

#include <algorithm>

#include <fmt/format.h>

#include "query/calculated_field.h"
#include "query/expressions/expression.h"
#include "query/short_form_conditions.h"

namespace clew::query {
namespace {

class Parser : private ConditionParser {
 public:
  using ConditionParser::ConditionParser;

  Result<Plan> run() {
    if (take("ROWS")) {
      CLEW_TRY(parse_rows());
    } else if (!starts_clause(peek())) {
      CLEW_TRY(parse_calculations());
    }
    if (!plan_.rows && plan_.calculations.empty())
      plan_.calculations.push_back({.column = {}, .alias = {}, .filter = {}});
    while (peek().kind != Token::Kind::end) CLEW_TRY(parse_clause());
    CLEW_TRY(resolve_orders());
    CLEW_TRY(resolve_having());
    if (Status status = validate(plan_); !status.ok()) return status;
    return std::move(plan_);
  }

 private:
  Status parse_rows() {
    plan_.rows.emplace();
    if (!take("*") && !starts_clause(peek()) && peek().kind != Token::Kind::end) {
      do {
        CLEW_ASSIGN(ColumnName column, parse_column());
        plan_.rows->columns.push_back(std::move(column));
      } while (take(","));
    }
    return {};
  }

  Status parse_calculations() {
    do {
      CLEW_ASSIGN(Calculation calculation, parse_calculation());
      if (take("AS")) {
        CLEW_ASSIGN(ColumnName alias, parse_column());
        calculation.alias = alias.name;
      }
      if (take("FILTER")) {
        CLEW_TRY(expect("("));
        CLEW_ASSIGN(calculation.filter, parse_any(0));
        CLEW_TRY(expect(")"));
      }
      plan_.calculations.push_back(std::move(calculation));
    } while (take(","));
    return {};
  }

  Result<Calculation> parse_formula() {
    at_ += 2;
    if (peek().kind != Token::Kind::text) return error("expected an expression in quotes");
    Calculation formula{.kind = CalculationKind::formula, .column = {}, .alias = {}, .filter = {}};
    formula.expression = peek().text;
    if (auto parsed = parse_expression(formula.expression); !parsed.ok())
      return error(fmt::format("in this expression: {}", first_line_of(parsed.status().message())));
    ++at_;
    CLEW_TRY(expect(")"));
    return formula;
  }

  Result<Calculation> parse_calculation() {
    if (is(peek(), "FORMULA") && is(peek(1), "(")) return parse_formula();
    std::optional<CalculationName> name;
    if (peek().kind == Token::Kind::word) name = find_calculation(peek().text);
    if (!name) {
      std::string known;
      for (const CalculationName& calculation : all_calculations())
        known += (known.empty() ? "" : " ") + std::string(calculation.name);
      return error(fmt::format("expected a calculation, one of {}", known));
    }
    ++at_;
    Calculation calculation{
        .kind = name->kind, .quantile = name->quantile, .column = {}, .alias = {}, .filter = {}};
    if (take("(")) {
      if (take(")")) return check_column(std::move(calculation));
      CLEW_ASSIGN(calculation.column, parse_column());
      CLEW_TRY(expect(")"));
    }
    return check_column(std::move(calculation));
  }

  Result<Calculation> check_column(Calculation calculation) const {
    const bool takes_none = calculation.kind == CalculationKind::concurrency;
    if (takes_none && calculation.column) return error("CONCURRENCY takes no column");
    if (!calculation.column && calculation.kind != CalculationKind::count && !takes_none)
      return error(
          fmt::format("{} needs a column in parentheses", name_of(calculation.kind, calculation.quantile)));
    return calculation;
  }

  Status parse_clause() {
    if (take("WHERE")) {
      CLEW_ASSIGN(plan_.filter, parse_any(0));
      return {};
    }
    if (take("GROUP")) return parse_group();
    if (take("HAVING")) return parse_having();
    if (take("ORDER")) return parse_order();
    if (take("LIMIT")) return parse_limit();
    if (take("FROM")) return parse_signal();
    if (take("SINCE")) return parse_time_into(plan_.range.from);
    if (take("UNTIL")) return parse_time_into(plan_.range.to);
    if (take("EVERY")) return parse_every();
    if (take("DEFINE")) return parse_fields();
    if (take("COMPARE")) {
      Result<Nanoseconds> offset = parse_duration(peek().text);
      if (!offset.ok() || offset->count <= 0) return error("expected a duration such as 1d");
      ++at_;
      plan_.compare_offset = *offset;
      return {};
    }
    if (take("UNWEIGHTED")) {
      plan_.weighting = Weighting::stored_rows;
      return {};
    }
    if (take("WITH")) {
      do {
        if (take("TOTALS")) {
          plan_.totals = true;
        } else if (take("OTHERS")) {
          plan_.others = true;
        } else {
          return error("expected TOTALS or OTHERS");
        }
      } while (take(","));
      return {};
    }
    return error(
        "expected WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, FROM, SINCE, UNTIL, EVERY, WITH, COMPARE, DEFINE "
        "or "
        "UNWEIGHTED");
  }

  // DEFINE slow AS "GTE($duration_ms, 100)", …
  Status parse_fields() {
    do {
      const size_t position = peek().position;
      CLEW_ASSIGN(ColumnName name, parse_column());
      if (name.scope || find_field(name, plan_.fields) != nullptr)
        return short_form_error(text_, position, "expected a name that nothing has");
      CLEW_TRY(expect("AS"));
      if (peek().kind != Token::Kind::text) return error("expected an expression in quotes");
      if (auto parsed = parse_expression(peek().text); !parsed.ok())
        return error(fmt::format("in this expression: {}", first_line_of(parsed.status().message())));
      plan_.fields.push_back({std::move(name.name), peek().text});
      ++at_;
    } while (take(","));
    return {};
  }
  static std::string_view first_line_of(std::string_view text) { return text.substr(0, text.find('\n')); }

  Status parse_group() {
    CLEW_TRY(expect("BY"));
    do {
      CLEW_ASSIGN(ColumnName column, parse_column());
      plan_.group_by.push_back(std::move(column));
    } while (take(","));
    return {};
  }

  // What ORDER BY and HAVING refer to; resolved at the end, since clauses come in any order.
  struct Reference {
    size_t position;
    std::string name;  // "COUNT", "P99(x)", an alias, a group column; "#2" is the second calculation
    std::optional<store::Scope> scope;
    Relation relation = Relation::own;
    Direction direction = Direction::ascending;
    Operator op = Operator::greater;
    double value = 0;
  };
  Result<Reference> parse_reference() {
    Reference reference{.position = peek().position, .name = {}, .scope = {}};
    bool is_call = peek().kind == Token::Kind::word && is(peek(1), "(");
    if (is_call) {
      CLEW_ASSIGN(Calculation calculation, parse_calculation());
      reference.name = name_of(calculation);
    } else {
      CLEW_ASSIGN(ColumnName name, parse_column());
      auto calculation = find_calculation(name.name);
      bool names_group = std::any_of(plan_.group_by.begin(), plan_.group_by.end(),
                                     [&](const ColumnName& group) { return group == name; });
      reference.name =
          calculation && !names_group ? name_of(calculation->kind, calculation->quantile) : name.name;
      reference.scope = name.scope;
      reference.relation = name.relation;
      for (const Calculation& known : plan_.calculations) {
        if (known.alias == name.name) reference.name = name.name;
      }
    }
    return reference;
  }

  Status parse_having() {
    do {
      CLEW_ASSIGN(Reference reference, parse_reference());
      CLEW_ASSIGN(reference.op, parse_operator());
      std::optional<double> value = number_from<double>(peek().text);
      if (!value) return error("expected a number");
      ++at_;
      reference.value = *value;
      having_.push_back(std::move(reference));
    } while (take("AND"));
    return {};
  }

  Status parse_order() {
    if (!is(peek(), "BY")) return error("expected BY");
    ++at_;
    do {
      CLEW_ASSIGN(Reference reference, parse_reference());
      if (take("DESC")) {
        reference.direction = Direction::descending;
      } else {
        take("ASC");
      }
      orders_.push_back(std::move(reference));
    } while (take(","));
    return {};
  }

  std::optional<size_t> calculation_named(const Reference& reference) const {
    if (reference.name.starts_with('#')) {
      auto number = number_from<size_t>(std::string_view(reference.name).substr(1));
      if (number && *number >= 1 && *number <= plan_.calculations.size()) return *number - 1;
    }
    for (size_t i = 0; i < plan_.calculations.size(); ++i) {
      if (name_of(plan_.calculations[i]) == reference.name) return i;
    }
    return std::nullopt;
  }

  Status resolve_orders() {
    for (const Reference& reference : orders_) {
      if (plan_.rows) {
        if (reference.name != "time" || orders_.size() != 1)
          return short_form_error(text_, reference.position, "rows are ordered by time alone");
        plan_.rows->order_by_time = reference.direction;
        continue;
      }
      auto group = std::find(plan_.group_by.begin(), plan_.group_by.end(),
                             ColumnName{reference.name, reference.scope, reference.relation});
      std::optional<size_t> calculation = calculation_named(reference);
      if (!calculation && group == plan_.group_by.end())
        return short_form_error(
            text_, reference.position,
            fmt::format("{} is neither a calculation nor a group column", reference.name));
      plan_.orders.push_back(
          {.by = calculation ? Order::By::calculation : Order::By::group_column,
           .position = calculation.value_or(static_cast<size_t>(group - plan_.group_by.begin())),
           .direction = reference.direction});
    }
    return {};
  }

  Status resolve_having() {
    for (const Reference& reference : having_) {
      std::optional<size_t> calculation = calculation_named(reference);
      if (!calculation)
        return short_form_error(text_, reference.position,
                                fmt::format("{} is not among the calculations", reference.name));
      plan_.having.push_back({.calculation = *calculation, .op = reference.op, .value = reference.value});
    }
    return {};
  }

  Status parse_limit() {
    auto limit = number_from<size_t>(peek().text);
    if (!limit || *limit == 0 || *limit > kMostRows)
      return error(fmt::format("expected a number from 1 to {}", kMostRows));
    ++at_;
    plan_.limit = *limit;
    return {};
  }

  Status parse_signal() {
    if (take("TRACES") || take("SPANS")) {
      plan_.signal = Signal::traces;
    } else if (take("LOGS")) {
      plan_.signal = Signal::logs;
    } else if (take("METRICS")) {
      plan_.signal = Signal::metrics;
    } else {
      return error("expected traces, logs or metrics");
    }
    return {};
  }

  // Assigns through the reference only when the time is understood.
  Status parse_time_into(UnixNanos& time) {
    Result<UnixNanos> parsed = parse_time(peek().text, reference_);
    if (!parsed.ok()) return error(parsed.status().message());
    ++at_;
    time = *parsed;
    return {};
  }

  Status parse_every() {
    Result<Nanoseconds> width = parse_duration(peek().text);
    if (!width.ok() || width->count <= 0) return error("expected a duration such as 10s");
    ++at_;
    plan_.granularity = *width;
    if (take("ROWS")) plan_.buckets = TimeBuckets::rows;
    return {};
  }

  Plan plan_;
  std::vector<Reference> orders_, having_;
};

}  // namespace

Result<Plan> plan_of_short_form(std::string_view text, UnixNanos reference) {
  CLEW_ASSIGN(std::vector<Token> tokens, tokens_of(text));
  return Parser(text, std::move(tokens), reference).run();
}

}  // namespace clew::query
