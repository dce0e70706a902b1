// The grammar of Logs Insights queries.
#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/nearest.h"
#include "protocols/cloudwatch_logs/insights_query.h"
#include "protocols/cloudwatch_logs/insights_tokens.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kDeepest = 64;
constexpr size_t kMostCommands = 50;
constexpr size_t kMostRows = 100'000;

using Kind = Expression::Kind;

// After the first mistake nothing is left to read, so that every rule comes to its end; what they return then
// is of no account.
class Parser {
 public:
  explicit Parser(std::string_view text) : in_(text) {}

  std::variant<Query, Mistake> parse() {
    Query query = parse_commands();
    if (in_.mistake()) return *in_.mistake();
    return query;
  }

 private:
  Query parse_commands() {
    Query query;
    if (in_.skip(), in_.take_word("source")) {
      parse_source(query);
      if (in_.skip(), !in_.at_end()) in_.expect("|");
    }
    in_.skip();
    while (!in_.at_end()) {
      if (query.commands.size() == kMostCommands) in_.fail("too many commands");
      if (in_.take_word("countfrequent") || in_.take_word("count_frequent")) {
        parse_count_frequent(query);
      } else {
        query.commands.push_back(parse_command());
      }
      in_.skip();
      if (in_.at_end()) break;
      in_.expect("|");
      in_.skip();
      if (in_.at_end()) in_.fail("a command is missing behind the last |");
    }
    check_order(query);
    return query;
  }

  Expression named(Kind kind, std::string name, std::vector<Expression> children, size_t begin) const {
    Expression expression{
        .kind = kind, .name = std::move(name), .number = 0, .children = std::move(children)};
    std::string_view written = in_.since(begin);
    while (!written.empty() && std::isspace(static_cast<unsigned char>(written.back())) != 0)
      written.remove_suffix(1);
    expression.written = written;
    return expression;
  }

  Expression any(size_t depth) { return joined(depth, Kind::any, "or", &Parser::all); }
  Expression all(size_t depth) { return joined(depth, Kind::all, "and", &Parser::negation); }
  Expression joined(size_t depth, Kind kind, std::string_view word, Expression (Parser::*part)(size_t)) {
    in_.skip();
    const size_t begin = in_.place();
    std::vector<Expression> children;
    children.push_back((this->*part)(depth));
    while (in_.take_word(word)) children.push_back((this->*part)(depth));
    if (children.size() == 1) return std::move(children[0]);
    return named(kind, std::string(word), std::move(children), begin);
  }
  Expression negation(size_t depth) {
    if (depth > kDeepest) in_.fail("nested too deeply");
    in_.skip();
    const size_t begin = in_.place();
    if (!in_.take_word("not")) return comparison(depth);
    std::vector<Expression> inner;
    inner.push_back(negation(depth + 1));
    return named(Kind::negation, "not", std::move(inner), begin);
  }
  Expression comparison(size_t depth) {
    in_.skip();
    const size_t begin = in_.place();
    Expression left = sum(depth);
    const size_t before = in_.place();
    const bool negated = in_.take_word("not");
    Expression result;
    if (in_.take_word("in")) {
      std::vector<Expression> both;
      both.push_back(std::move(left));
      both.push_back(list(depth));
      result = named(Kind::membership, "in", std::move(both), begin);
    } else if (in_.take_word("like") || (!negated && in_.take("=~"))) {
      std::vector<Expression> both;
      both.push_back(std::move(left));
      in_.skip();
      both.push_back(operand(depth));
      if (both[1].kind != Kind::text && both[1].kind != Kind::expression)
        in_.fail("like takes a text or a regular expression", before, in_.place());
      result = named(Kind::likeness, "like", std::move(both), begin);
    } else if (negated) {
      in_.go_back(before);
      return left;
    } else {
      static constexpr std::array<std::string_view, 7> kSigns = {"!=", "<=", ">=", "==", "=", "<", ">"};
      const auto sign =
          std::find_if(kSigns.begin(), kSigns.end(), [&](std::string_view one) { return in_.take(one); });
      if (sign == kSigns.end()) return left;
      std::vector<Expression> both;
      both.push_back(std::move(left));
      both.push_back(sum(depth));
      return named(Kind::comparison, std::string(*sign == "==" ? "=" : *sign), std::move(both), begin);
    }
    if (!negated) return result;
    std::vector<Expression> inner;
    inner.push_back(std::move(result));
    return named(Kind::negation, "not", std::move(inner), begin);
  }
  Expression list(size_t depth) {
    in_.skip();
    const size_t begin = in_.place();
    in_.expect("[");
    std::vector<Expression> items;
    if (!in_.take("]")) {
      do items.push_back(sum(depth + 1));
      while (in_.take(","));
      in_.expect("]");
    }
    return named(Kind::list, "", std::move(items), begin);
  }
  Expression arithmetic(size_t depth, std::string_view marks, Expression (Parser::*part)(size_t)) {
    in_.skip();
    const size_t begin = in_.place();
    Expression left = (this->*part)(depth);
    while (in_.skip(), !in_.at_end() && marks.find(in_.peek()) != std::string_view::npos) {
      const std::string mark(1, in_.next());
      std::vector<Expression> both;
      both.push_back(std::move(left));
      both.push_back((this->*part)(depth));
      left = named(Kind::arithmetic, mark, std::move(both), begin);
    }
    return left;
  }
  Expression sum(size_t depth) { return arithmetic(depth, "+-", &Parser::product); }
  Expression product(size_t depth) { return arithmetic(depth, "*/%", &Parser::power); }
  Expression power(size_t depth) { return arithmetic(depth, "^", &Parser::operand); }

  Expression operand(size_t depth) {
    if (depth > kDeepest) in_.fail("nested too deeply");
    in_.skip();
    const size_t begin = in_.place();
    if (in_.at_end()) {
      in_.fail("expected a value");
      return {};
    }
    const char c = in_.peek();
    if (c == '(') {
      in_.next();
      Expression inner = any(depth + 1);
      in_.expect(")");
      inner.written = in_.since(begin);
      return inner;
    }
    if (c == '"' || c == '\'') {
      std::string text = in_.quoted();
      return named(Kind::text, std::move(text), {}, begin);
    }
    if (c == '/') {
      auto expression = in_.regular_expression();
      Expression result = named(Kind::expression, "", {}, begin);
      result.expression = std::move(expression);
      return result;
    }
    if (c == '[') return list(depth + 1);
    if (c == '-') {
      in_.next();
      std::vector<Expression> both;
      both.push_back({.kind = Kind::number, .name = {}, .number = 0});
      both.push_back(operand(depth + 1));
      return named(Kind::arithmetic, "-", std::move(both), begin);
    }
    if (std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.') return number(begin);
    if (c == '*') {
      in_.next();
      return named(Kind::field, "*", {}, begin);
    }
    return field_or_call(depth, begin);
  }

  Expression number(size_t begin) {
    const std::optional<double> value = in_.number<double>();
    if (!value) {
      in_.fail("expected a number");
      return {};
    }
    // A period: 5m, 30s.
    const std::string_view unit = in_.word();
    Expression result =
        named(unit.empty() ? Kind::number : Kind::text, std::string(in_.since(begin)), {}, begin);
    result.number = *value;
    return result;
  }

  Expression field_or_call(size_t depth, size_t begin) {
    const bool in_backticks = in_.peek() == '`';
    std::string word = in_.name();
    const size_t end = in_.place();
    if (in_backticks || !in_.take("(")) {
      in_.go_back(end);
      return named(Kind::field, std::move(word), {}, begin);
    }
    const std::string function = lower_case(word);
    const std::optional<Arity> arity = arity_of(function);
    if (!arity) {
      in_.fail(fmt::format("there is no function {}", word), begin, end);
      return {};
    }
    std::vector<Expression> arguments;
    if (!in_.take(")")) {
      // "distinct" in count(distinct x), as SQL has it, is not of this language.
      do arguments.push_back(any(depth + 1));
      while (in_.take(","));
      in_.expect(")");
    }
    if (arguments.size() < arity->least || arguments.size() > arity->most)
      in_.fail(fmt::format("{} takes {} arguments, got {}", word,
                           arity->least == arity->most ? std::to_string(arity->least)
                                                       : fmt::format("at least {}", arity->least),
                           arguments.size()),
               begin, in_.place());
    return named(Kind::call, function, std::move(arguments), begin);
  }

  std::vector<NamedExpression> named_expressions() {
    std::vector<NamedExpression> all_of_them;
    do {
      NamedExpression one{any(0), {}};
      one.name = in_.take_word("as")                  ? in_.name()
                 : one.expression.kind == Kind::field ? one.expression.name
                                                      : one.expression.written;
      all_of_them.push_back(std::move(one));
    } while (in_.take(","));
    return all_of_them;
  }

  Command parse_command() {
    in_.skip();
    const size_t begin = in_.place();
    const std::string word = lower_case(in_.word());
    if (word == "fields") return FieldsCommand{named_expressions()};
    if (word == "display") return DisplayCommand{named_expressions()};
    if (word == "filter" || word == "filterindex" || word == "where") return FilterCommand{any(0)};
    if (word == "parse") return parse_parse();
    if (word == "stats") return parse_stats();
    if (word == "sort" || word == "order") return parse_sort();
    if (word == "limit" || word == "head") return parse_limit();
    if (word == "dedup") return parse_dedup();
    if (word == "pattern") return PatternCommand{operand(0)};
    if (word == "diff") return parse_diff();
    if (word == "unnest") return parse_unnest();
    if (word == "filldown") return parse_filldown();
    // There is no data protection here: what is masked was masked before it came.
    if (word == "unmask") return FieldsCommand{named_expressions()};
    static constexpr std::array<std::string_view, 14> kKnown = {
        "fields", "display", "filter", "parse",  "stats",  "sort",     "limit",
        "dedup",  "pattern", "diff",   "unmask", "unnest", "filldown", "countfrequent"};
    const std::string_view meant = nearest(word, kKnown);
    in_.fail(fmt::format("there is no command {}{}", word,
                         meant.empty() ? std::string() : fmt::format(": did you mean {}?", meant)),
             begin, std::max(in_.place(), begin + 1));
    return LimitCommand{};
  }

  Command parse_parse() {
    ParseCommand command;
    in_.skip();
    const size_t begin = in_.place();
    if (in_.peek() == '"' || in_.peek() == '\'' || in_.peek() == '/') {
      command.subject = {.kind = Kind::field, .name = "@message", .written = "@message"};
    } else {
      command.subject = operand(0);
      in_.skip();
    }
    if (in_.peek() == '/') {
      command.expression = in_.regular_expression();
      if (command.expression == nullptr) return command;
      const auto& names = command.expression->CapturingGroupNames();
      for (int group = 1; group <= command.expression->NumberOfCapturingGroups(); ++group) {
        const auto found = names.find(group);
        command.names.push_back(found == names.end() ? std::string() : found->second);
      }
      if (in_.take_word("as")) {
        for (std::string& one : command.names) {
          one = in_.name();
          in_.take(",");
        }
      }
      if (std::all_of(command.names.begin(), command.names.end(),
                      [](const auto& one) { return one.empty(); }))
        in_.fail("the regular expression has no named group", begin, in_.place());
      return command;
    }
    if (in_.peek() != '"' && in_.peek() != '\'') {
      in_.fail("parse takes a text with * or a regular expression");
      return command;
    }
    const std::string glob = in_.quoted();
    if (!in_.take_word("as")) in_.fail("expected 'as' and a name for each *");
    do command.names.push_back(in_.name());
    while (in_.take(","));
    std::string expression = "(?s)";
    size_t stars = 0;
    for (size_t i = 0; i < glob.size(); ++i) {
      if (glob[i] == '*') {
        ++stars;
        // What stands last takes the rest.
        expression += i + 1 == glob.size() ? "(.*)" : "(.*?)";
      } else {
        expression += re2::RE2::QuoteMeta(std::string(1, glob[i]));
      }
    }
    if (stars != command.names.size())
      in_.fail(fmt::format("there are {} * and {} names", stars, command.names.size()), begin, in_.place());
    command.expression = in_.compile(expression, begin);
    return command;
  }

  Command parse_stats() {
    StatsCommand command{.aggregates = named_expressions(), .groups = {}};
    if (in_.take_word("by")) command.groups = named_expressions();
    for (const NamedExpression& one : command.aggregates)
      if (!has_aggregate(one.expression)) in_.fail(fmt::format("{} gathers nothing", one.expression.written));
    for (const NamedExpression& one : command.groups)
      if (has_aggregate(one.expression))
        in_.fail(fmt::format("rows cannot be grouped by {}", one.expression.written));
    return command;
  }
  static bool has_aggregate(const Expression& expression) {
    if (expression.kind == Kind::call && is_aggregate(expression.name)) return true;
    return std::any_of(expression.children.begin(), expression.children.end(), has_aggregate);
  }

  Command parse_sort() {
    in_.take_word("by");
    SortCommand command;
    do {
      SortCommand::Key key{any(0)};
      if (in_.take_word("desc")) {
        key.descending = true;
      } else {
        in_.take_word("asc");
      }
      command.keys.push_back(std::move(key));
    } while (in_.take(","));
    return command;
  }

  Command parse_limit() {
    in_.skip();
    const size_t begin = in_.place();
    const size_t rows = in_.number<size_t>().value_or(0);
    if (rows == 0 || rows > kMostRows)
      in_.fail(fmt::format("limit takes a number from 1 to {}", kMostRows), begin,
               std::max(in_.place(), begin + 1));
    return LimitCommand{rows};
  }

  Command parse_dedup() {
    DedupCommand command;
    do command.keys.push_back(operand(0));
    while (in_.take(","));
    return command;
  }

  Command parse_diff() {
    using With = DiffCommand::With;
    if (in_.take_word("previousday")) return DiffCommand{With::previous_day};
    if (in_.take_word("previousweek")) return DiffCommand{With::previous_week};
    if (in_.take_word("previousmonth")) return DiffCommand{With::previous_month};
    return DiffCommand{};
  }

  Command parse_unnest() {
    UnnestCommand command{.list = operand(0), .name = {}};
    if (!in_.take_word("into") && !in_.take_word("as")) in_.fail("expected 'into' and a name");
    command.name = in_.name();
    return command;
  }

  Command parse_filldown() {
    FilldownCommand command;
    for (in_.skip(); !in_.at_end() && in_.peek() != '|'; in_.skip()) {
      std::string name = in_.name();
      if (in_.peek() == '*') name += in_.next();
      command.names.push_back(std::move(name));
      in_.take(",");
    }
    return command;
  }

  // Stats and sort under a shorter name; the count is exact here.
  void parse_count_frequent(Query& query) {
    const std::string count = "_approxcount";
    StatsCommand stats{.aggregates = {}, .groups = named_expressions()};
    for (const NamedExpression& one : stats.groups)
      if (has_aggregate(one.expression))
        in_.fail(fmt::format("rows cannot be grouped by {}", one.expression.written));
    stats.aggregates.push_back({{.kind = Kind::call, .name = "count", .written = "count(*)"}, count});
    query.commands.emplace_back(std::move(stats));
    SortCommand sort;
    sort.keys.push_back({{.kind = Kind::field, .name = count, .written = count}, true});
    query.commands.emplace_back(std::move(sort));
  }

  // SOURCE logGroups(namePrefix: ["a", "b"])
  void parse_source(Query& query) {
    if (!in_.take_word("loggroups")) in_.fail("expected logGroups(namePrefix: [...])");
    in_.expect("(");
    do {
      in_.skip();
      const size_t begin = in_.place();
      const std::string parameter = lower_case(in_.word());
      if (!in_.take(":") && !in_.take("=")) in_.fail("expected ':'");
      const Expression values = list(0);
      if (parameter == "nameprefix") {
        for (const Expression& value : values.children) query.source_prefixes.push_back(value.name);
      } else if (parameter != "accountidentifiers" && parameter != "class") {
        in_.fail(fmt::format("logGroups has no parameter {}", parameter), begin, in_.place());
      }
    } while (in_.take(","));
    in_.expect(")");
    if (query.source_prefixes.size() > 5) in_.fail("at most 5 prefixes");
  }

  void check_order(const Query& query) {
    size_t stats = 0;
    const Command* before = nullptr;
    for (const Command& command : query.commands) {
      if (std::holds_alternative<StatsCommand>(command) && ++stats > 2)
        in_.fail("at most two stats commands", 0, in_.size());
      if (std::holds_alternative<DiffCommand>(command) &&
          (before == nullptr || !std::holds_alternative<PatternCommand>(*before)))
        in_.fail("diff stands behind pattern", 0, in_.size());
      before = &command;
    }
  }

  Tokens in_;
};

}  // namespace

std::variant<Query, Mistake> parse_query(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace clew::cloudwatch_logs::insights
