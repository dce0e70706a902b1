#include "protocols/cloudwatch_logs/insights_command_parser.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "base/nearest.h"
#include "protocols/cloudwatch_logs/insights_evaluate.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kMostRows = 100'000;
constexpr int64_t kPauseOfSessions = 30 * 60'000;

using Kind = Expression::Kind;

bool ends_command(char next) {
  return next == '\0' || next == '|' || next == ')';
}

Expression field(std::string name) {
  Expression expression{.kind = Kind::field, .name = std::move(name)};
  expression.written = expression.name;
  return expression;
}

}  // namespace

const CommandParser::Rule* CommandParser::find_rule(std::string_view name) {
  using P = CommandParser;
  static constexpr std::array kRules = {
      Rule{"fields", &P::parse_fields},
      Rule{"display", &P::parse_display},
      Rule{"filter", &P::parse_filter},
      Rule{"filterindex", &P::parse_filter},
      Rule{"where", &P::parse_filter},
      Rule{"parse", &P::parse_parse},
      Rule{"stats", &P::parse_stats},
      Rule{"sort", &P::parse_sort},
      Rule{"order", &P::parse_sort},
      Rule{"limit", &P::parse_limit},
      Rule{"head", &P::parse_limit},
      Rule{"dedup", &P::parse_dedup},
      Rule{"pattern", &P::parse_pattern},
      Rule{"diff", &P::parse_diff},
      Rule{"unnest", &P::parse_unnest},
      // There is no data protection here: what is masked was masked before it came.
      Rule{"unmask", &P::parse_fields},
      Rule{"join", &P::parse_join},
      Rule{"fillmissing", &P::parse_fillmissing},
      Rule{"filldown", &P::parse_filldown},
      Rule{"addtotals", &P::parse_addtotals},
      Rule{"accum", &P::parse_accum},
      Rule{"sessionize", &P::parse_sessionize},
      Rule{"anomaly", &P::parse_anomaly},
      Rule{"expand", &P::parse_expand},
      Rule{"json", &P::parse_json},
      Rule{"autoregress", &P::parse_autoregress},
      Rule{"lookup", &P::parse_lookup},
      Rule{"cidrlookup", &P::parse_cidrlookup},
      Rule{"relevantfields", &P::parse_relevant_fields},
      Rule{"outlier", &P::parse_outlier},
      Rule{"appendcols", &P::parse_appendcols},
  };
  const auto found =
      std::find_if(kRules.begin(), kRules.end(), [&](const Rule& rule) { return rule.name == name; });
  return found == kRules.end() ? nullptr : &*found;
}

std::vector<Command> CommandParser::parse() {
  in_.skip();
  const size_t begin = in_.place();
  const std::string word = lower_case(in_.word());
  if (word == "countfrequent" || word == "count_frequent") return parse_count_frequent();
  if (word == "logcompare") return parse_logcompare();
  std::vector<Command> commands;
  if (const Rule* rule = find_rule(word))
    commands.push_back((this->*rule->parse)());
  else
    refuse(word, begin);
  return commands;
}

void CommandParser::refuse(std::string_view word, size_t begin) {
  const size_t end = std::max(in_.place(), begin + 1);
  static constexpr std::array<std::string_view, 29> kKnown = {
      "fields",      "display",       "filter",         "parse",      "stats",
      "sort",        "limit",         "dedup",          "pattern",    "diff",
      "unmask",      "unnest",        "join",           "filldown",   "addtotals",
      "accum",       "countfrequent", "fillmissing",    "sessionize", "anomaly",
      "expand",      "lookup",        "relevantfields", "outlier",    "appendcols",
      "autoregress", "cidrlookup",    "logcompare",     "json"};
  const std::string_view meant = nearest(word, kKnown);
  in_.fail(fmt::format("there is no command {}{}", word,
                       meant.empty() ? std::string() : fmt::format(": did you mean {}?", meant)),
           begin, end);
}

Command CommandParser::parse_fields() {
  return FieldsCommand{expressions_.named_expressions()};
}

Command CommandParser::parse_display() {
  return DisplayCommand{expressions_.named_expressions()};
}

Command CommandParser::parse_filter() {
  return FilterCommand{conditions_.any()};
}

Command CommandParser::parse_pattern() {
  return PatternCommand{expressions_.operand()};
}

Command CommandParser::parse_stats() {
  StatsCommand command{.aggregates = expressions_.named_expressions(), .groups = {}};
  if (in_.take_word("by")) command.groups = expressions_.named_expressions();
  if (in_.take_word("offset")) command.offset = period();
  for (const NamedExpression& one : command.aggregates)
    if (!ExpressionParser::has_aggregate(one.expression))
      in_.fail(fmt::format("{} gathers nothing", one.expression.written));
  for (const NamedExpression& one : command.groups)
    if (ExpressionParser::has_aggregate(one.expression))
      in_.fail(fmt::format("rows cannot be grouped by {}", one.expression.written));
  return command;
}

Command CommandParser::parse_sort() {
  in_.take_word("by");
  SortCommand command;
  do {
    SortCommand::Key key{expressions_.any()};
    if (in_.take_word("desc")) {
      key.descending = true;
    } else {
      in_.take_word("asc");
    }
    command.keys.push_back(std::move(key));
  } while (in_.take(","));
  return command;
}

Command CommandParser::parse_limit() {
  // Rows are looked at only until there are as many anyway, where nothing has to be ordered before.
  in_.take_word("any");
  in_.skip();
  const size_t begin = in_.place();
  const size_t rows = in_.number<size_t>().value_or(0);
  if (rows == 0 || rows > kMostRows)
    in_.fail(fmt::format("limit takes a number from 1 to {}", kMostRows), begin,
             std::max(in_.place(), begin + 1));
  return LimitCommand{rows};
}

Command CommandParser::parse_dedup() {
  DedupCommand command;
  do command.keys.push_back(expressions_.operand());
  while (in_.take(","));
  return command;
}

Command CommandParser::parse_diff() {
  constexpr int64_t kDay = 86'400'000;
  if (in_.take_word("previousday")) return DiffCommand{kDay};
  if (in_.take_word("previousweek")) return DiffCommand{7 * kDay};
  if (in_.take_word("previousmonth")) return DiffCommand{30 * kDay};
  return DiffCommand{};
}

Command CommandParser::parse_anomaly() {
  return AnomalyCommand{};
}

// logcompare timeshift 7d: the patterns of the messages, compared.
std::vector<Command> CommandParser::parse_logcompare() {
  if (!in_.take_word("timeshift")) in_.fail("expected 'timeshift' and a period");
  return {PatternCommand{field("@message")}, DiffCommand{period()}};
}

Command CommandParser::parse_expand() {
  std::string name = in_.name();
  return UnnestCommand{.list = field(name), .name = name};
}

Command CommandParser::parse_unnest() {
  UnnestCommand command{.list = expressions_.operand(), .name = {}};
  if (!in_.take_word("into") && !in_.take_word("as")) in_.fail("expected 'into' and a name");
  command.name = in_.name();
  return command;
}

Command CommandParser::parse_filldown() {
  FilldownCommand command;
  for (in_.skip(); !ends_command(in_.peek()); in_.skip()) {
    std::string name = in_.name();
    if (in_.peek() == '*') name += in_.next();
    command.names.push_back(std::move(name));
    in_.take(",");
  }
  return command;
}

// Stats and sort under a shorter name; the count is exact here.
std::vector<Command> CommandParser::parse_count_frequent() {
  const std::string count = "_approxcount";
  StatsCommand stats{.aggregates = {}, .groups = expressions_.named_expressions()};
  for (const NamedExpression& one : stats.groups)
    if (ExpressionParser::has_aggregate(one.expression))
      in_.fail(fmt::format("rows cannot be grouped by {}", one.expression.written));
  stats.aggregates.push_back({{.kind = Kind::call, .name = "count", .written = "count(*)"}, count});
  SortCommand sort;
  sort.keys.push_back({field(count), true});
  return {std::move(stats), std::move(sort)};
}

std::optional<std::string> CommandParser::option(std::string_view name) {
  in_.skip();
  const size_t begin = in_.place();
  if (in_.take_word(name)) {
    if (in_.take("=")) {
      in_.skip();
      if (in_.peek() == '"' || in_.peek() == '\'') return in_.quoted();
      const size_t value = in_.place();
      while (!in_.at_end() && std::isspace(static_cast<unsigned char>(in_.peek())) == 0 &&
             in_.peek() != ',' && !ends_command(in_.peek()) && in_.peek() != '(')
        in_.next();
      return std::string(in_.since(value));
    }
    in_.go_back(begin);
  }
  return std::nullopt;
}

bool CommandParser::flag(std::string_view name, bool otherwise) {
  in_.skip();
  const size_t begin = in_.place();
  const std::optional<std::string> given = option(name);
  if (!given) return otherwise;
  const std::string value = lower_case(*given);
  if (value != "true" && value != "false")
    in_.fail(fmt::format("{} is true or false", name), begin, in_.place());
  return value == "true";
}

std::vector<std::string> CommandParser::names() {
  std::vector<std::string> all;
  do all.push_back(in_.name());
  while (in_.take(","));
  return all;
}

int64_t CommandParser::period() {
  in_.skip();
  const size_t begin = in_.place();
  (void)in_.word();
  const std::optional<int64_t> milliseconds = period_in(in_.since(begin));
  if (!milliseconds || *milliseconds > kLongestPeriod)
    in_.fail("expected a period of ten years at most, as 30m or 1h", begin, std::max(in_.place(), begin + 1));
  return milliseconds.value_or(0);
}

// fillmissing [with 0 for a, 1 for b]
Command CommandParser::parse_fillmissing() {
  FillmissingCommand command;
  if (!in_.take_word("with")) return command;
  do {
    const Expression value = expressions_.operand();
    if (value.kind != Kind::number && value.kind != Kind::text) in_.fail("expected a number or a text");
    if (!in_.take_word("for")) in_.fail("expected 'for' and a field");
    command.values.emplace_back(in_.name(), value.kind == Kind::number ? value.written : value.name);
  } while (in_.take(","));
  return command;
}

// addtotals [fieldname=Sum] [row=false] [col=true] [a, b]
Command CommandParser::parse_addtotals() {
  AddtotalsCommand command;
  for (;;) {
    in_.skip();
    const size_t begin = in_.place();
    if (ends_command(in_.peek())) return command;
    const std::string name = in_.name();
    if (!in_.take("=")) {
      in_.go_back(begin);
      command.fields = names();
      return command;
    }
    const std::string option = lower_case(name);
    const std::string value = in_.name();
    const bool is_true = lower_case(value) == "true";
    if (option == "fieldname") {
      command.name = value;
    } else if ((option == "row" || option == "col") && (is_true || lower_case(value) == "false")) {
      (option == "row" ? command.of_rows : command.of_fields) = is_true;
    } else {
      in_.fail("addtotals takes fieldname=, row=true or false, col=true or false, and fields", begin,
               in_.place());
    }
  }
}

// accum bytes [as total]
Command CommandParser::parse_accum() {
  AccumCommand command{.field = in_.name(), .name = {}};
  command.name = in_.take_word("as") ? in_.name() : "accum(" + command.field + ")";
  return command;
}

// sessionize user, device [maxspan 1h] [as session]
Command CommandParser::parse_sessionize() {
  SessionizeCommand command{.fields = names(), .longest_pause = kPauseOfSessions, .name = "session_id"};
  if (in_.take_word("maxspan")) command.longest_pause = period();
  if (in_.take_word("as")) command.name = in_.name();
  return command;
}

// autoregress bytes [as before] [p=1-4]
Command CommandParser::parse_autoregress() {
  constexpr size_t kMostRowsBefore = 100;
  AutoregressCommand command{.field = in_.name(), .name = {}};
  if (in_.take_word("as")) command.name = in_.name();
  in_.skip();
  const size_t begin = in_.place();
  if (!in_.take_word("p")) return command;
  in_.expect("=");
  in_.skip();
  command.first = command.last = in_.number<size_t>().value_or(0);
  if (in_.take("-")) {
    command.is_range = true;
    command.last = in_.number<size_t>().value_or(0);
  }
  if (command.first == 0 || command.last < command.first || command.last > kMostRowsBefore)
    in_.fail(fmt::format("p is a number of rows, or a range as 1-4, up to {}", kMostRowsBefore), begin,
             std::max(in_.place(), begin + 1));
  return command;
}

// join type=left left=a right=b where a.id = b.id (SOURCE 'group' | …)
Command CommandParser::parse_join() {
  JoinCommand command;
  in_.skip();
  const size_t begin = in_.place();
  const std::string kind = lower_case(option("type").value_or("inner"));
  if (kind != "inner" && kind != "left") in_.fail("join is of type inner or left", begin, in_.place());
  command.keeps_unmatched = kind == "left";
  const std::optional<std::string> left = option("left"), right = option("right");
  if (!left || !right || *left == *right) {
    in_.fail("join takes two names for its sides: left=a right=b", begin, std::max(in_.place(), begin + 1));
    return command;
  }
  command.left = *left;
  command.right = *right;
  if (!in_.take_word("where")) in_.fail("expected 'where' and the fields that are equal");
  in_.skip();
  const size_t condition = in_.place();
  for (int side = 0; side < 2; ++side) {
    if (side == 1) in_.expect("=");
    const std::string name = in_.name();
    const bool is_left = name.starts_with(command.left + ".");
    if (!is_left && !name.starts_with(command.right + "."))
      in_.fail(fmt::format("expected {}.field = {}.field", command.left, command.right), condition,
               std::max(in_.place(), condition + 1));
    if (is_left)
      command.left_field = name.substr(command.left.size() + 1);
    else if (name.size() > command.right.size())
      command.right_field = name.substr(command.right.size() + 1);
  }
  if (command.left_field.empty() || command.right_field.empty())
    in_.fail("one field is of the left side and one of the right", condition,
             std::max(in_.place(), condition + 1));
  in_.skip();
  if (within_ == nullptr) {
    in_.fail("a query within a query has no join");
    return command;
  }
  command.query = within_(in_);
  return command;
}

}  // namespace clew::cloudwatch_logs::insights
