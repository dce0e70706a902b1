#include "query/short_form.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

#include "query/short_form_tokens.h"

namespace clew::query {
namespace {

constexpr size_t kMostDepth = 60;

std::string upper_of(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper;
}

template <typename Number>
std::optional<Number> number_from(std::string_view text) {
  Number number{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// A bare word as a value: a number or a boolean if it reads as one, else a string.
Value value_of_word(const std::string& word) {
  if (auto integer = number_from<int64_t>(word)) return *integer;
  bool may_be_real = word.find_first_of("0123456789") != std::string::npos;
  if (auto real = number_from<double>(word); real && may_be_real) return *real;
  std::string upper = upper_of(word);
  if (upper == "TRUE") return true;
  if (upper == "FALSE") return false;
  return word;
}

struct ScopeName {
  std::string_view prefix;
  store::Scope scope;
};
constexpr ScopeName kScopes[] = {{"attribute::", store::Scope::attribute},
                                 {"intrinsic::", store::Scope::intrinsic},
                                 {"instrumentation::", store::Scope::instrumentation},
                                 {"resource::", store::Scope::resource}};

class Parser {
 public:
  Parser(std::string_view text, std::vector<Token> tokens, UnixNanos reference)
      : text_(text), tokens_(std::move(tokens)), reference_(reference) {}

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
  const Token& peek(size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  bool is(const Token& token, std::string_view keyword) const {
    return (token.kind == Token::Kind::word || token.kind == Token::Kind::symbol) &&
           upper_of(token.text) == keyword;
  }
  bool take(std::string_view keyword) {
    if (!is(peek(), keyword)) return false;
    ++at_;
    return true;
  }
  Status error(std::string_view message) const { return short_form_error(text_, peek().position, message); }
  Status expect(std::string_view keyword) {
    return take(keyword) ? Status() : error(fmt::format("expected {}", keyword));
  }
  bool starts_clause(const Token& token) const {
    constexpr std::string_view kClauses[] = {"WHERE", "GROUP", "HAVING", "ORDER", "LIMIT",     "FROM",
                                             "SINCE", "UNTIL", "EVERY",  "WITH",  "UNWEIGHTED"};
    return std::any_of(std::begin(kClauses), std::end(kClauses),
                       [&](std::string_view clause) { return is(token, clause); });
  }

  Result<ColumnName> parse_column() {
    const Token& token = peek();
    if (token.kind == Token::Kind::word) {
      ++at_;
      std::string_view name = token.text;
      for (const ScopeName& scope : kScopes) {
        if (!name.starts_with(scope.prefix)) continue;
        name.remove_prefix(scope.prefix.size());
        if (!name.empty()) return ColumnName{std::string(name), scope.scope};
        CLEW_ASSIGN(ColumnName rest, parse_column());
        return ColumnName{rest.name, scope.scope};
      }
      return ColumnName{token.text, {}};
    }
    if (token.kind == Token::Kind::name && !token.text.empty()) {
      ++at_;
      return ColumnName{token.text, {}};
    }
    return error("expected the name of a column");
  }

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

  Result<Calculation> parse_calculation() {
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
    if (!calculation.column && calculation.kind != CalculationKind::count)
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
        "expected WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, FROM, SINCE, UNTIL, EVERY, WITH or UNWEIGHTED");
  }

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
                                     [&](const ColumnName& group) { return group.name == name.name; });
      reference.name =
          calculation && !names_group ? name_of(calculation->kind, calculation->quantile) : name.name;
      reference.scope = name.scope;
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
                             ColumnName{reference.name, reference.scope});
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

  Result<Filter> parse_any(size_t depth) {
    if (depth > kMostDepth) return error("nested too deeply");
    std::vector<Filter> children;
    do {
      CLEW_ASSIGN(Filter child, parse_all(depth));
      children.push_back(std::move(child));
    } while (take("OR"));
    return children.size() == 1 ? std::move(children[0]) : any_of(std::move(children));
  }

  Result<Filter> parse_all(size_t depth) {
    std::vector<Filter> children;
    do {
      CLEW_ASSIGN(Filter child, parse_one(depth));
      children.push_back(std::move(child));
    } while (take("AND"));
    return children.size() == 1 ? std::move(children[0]) : all_of(std::move(children));
  }

  Result<Filter> parse_one(size_t depth) {
    if (depth > kMostDepth) return error("nested too deeply");
    if (take("NOT")) {
      CLEW_ASSIGN(Filter inner, parse_one(depth + 1));
      if (inner.kind == Filter::Kind::any) return none_of(std::move(inner.children));
      std::vector<Filter> children;
      children.push_back(std::move(inner));
      return none_of(std::move(children));
    }
    if (take("(")) {
      CLEW_ASSIGN(Filter inner, parse_any(depth + 1));
      CLEW_TRY(expect(")"));
      return inner;
    }
    bool stands_alone = peek(1).kind == Token::Kind::end || is(peek(1), ")") || is(peek(1), "AND") ||
                        is(peek(1), "OR") || starts_clause(peek(1));
    if (stands_alone && take("TRUE")) return all_of({});
    if (stands_alone && take("FALSE")) return any_of({});
    return parse_comparison();
  }

  Result<Filter> parse_comparison() {
    CLEW_ASSIGN(ColumnName column, parse_column());
    CLEW_ASSIGN(Operator op, parse_operator());
    std::vector<Value> values;
    switch (info_of(op).operands) {
      case Operands::none:
        break;
      case Operands::one: {
        CLEW_ASSIGN(Value value, parse_value(column));
        values.push_back(std::move(value));
        break;
      }
      case Operands::many:
        CLEW_TRY(expect("("));
        do {
          CLEW_ASSIGN(Value value, parse_value(column));
          values.push_back(std::move(value));
        } while (take(","));
        CLEW_TRY(expect(")"));
    }
    return comparison(std::move(column), op, std::move(values));
  }

  Result<Operator> parse_operator() {
    if (take("=~")) return Operator::matches;
    if (take("!~")) return Operator::does_not_match;
    if (is(peek(), "NOT") && is(peek(1), "IN")) {
      at_ += 2;
      return Operator::not_in;
    }
    for (const OperatorInfo& info : all_operators()) {
      if (take(upper_of(info.name))) return info.op;
    }
    std::string known;
    for (const OperatorInfo& info : all_operators())
      known += (known.empty() ? "" : " ") + std::string(info.name);
    return error(fmt::format("expected an operator, one of {}", known));
  }

  // The hex digits of a trace or span id may read as a number by chance: 0000000000000001, 12345678901234e5.
  static bool reads_as_id(const ColumnName& column, std::string_view word) {
    return column.name.ends_with("_id") && (word.size() == 16 || word.size() == 32);
  }

  Result<Value> parse_value(const ColumnName& column) {
    const Token& token = peek();
    if (token.kind == Token::Kind::text) {
      ++at_;
      return Value(token.text);
    }
    if (token.kind != Token::Kind::word) return error("expected a value");
    if (token.text.starts_with('@')) {
      Result<UnixNanos> at = parse_time(std::string_view(token.text).substr(1), reference_);
      if (!at.ok()) return error(at.status().message());
      ++at_;
      return Value(*at);
    }
    ++at_;
    return reads_as_id(column, token.text) ? Value(token.text) : value_of_word(token.text);
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  UnixNanos reference_;
  size_t at_ = 0;
  Plan plan_;
  std::vector<Reference> orders_, having_;
};

}  // namespace

Result<Plan> plan_of_short_form(std::string_view text, UnixNanos reference) {
  CLEW_ASSIGN(std::vector<Token> tokens, tokens_of(text));
  return Parser(text, std::move(tokens), reference).run();
}

}  // namespace clew::query
