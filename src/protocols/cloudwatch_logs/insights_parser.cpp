// The grammar of Logs Insights queries: where their events come from, and which command may follow which.
#include <fmt/format.h>

#include "protocols/cloudwatch_logs/insights_command_parser.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kMostCommands = 50;
constexpr size_t kMostPrefixes = 5;
constexpr size_t kMostGroups = 50;

void parse_group_selection(Tokens& in, Source& source) {
  in.expect("(");
  do {
    in.skip();
    const size_t begin = in.place();
    const std::string parameter = lower_case(in.word());
    if (!in.take(":") && !in.take("=")) in.fail("expected ':'");
    const Expression values = ExpressionParser(in).list();
    if (parameter == "nameprefix") {
      for (const Expression& value : values.children) source.prefixes.push_back(value.name);
    } else if (parameter != "accountidentifiers" && parameter != "class") {
      in.fail(fmt::format("logGroups has no parameter {}", parameter), begin, in.place());
    }
  } while (in.take(","));
  in.expect(")");
  if (source.prefixes.size() > kMostPrefixes) in.fail("at most 5 prefixes");
}

// SOURCE 'a', 'b' or SOURCE logGroups(namePrefix: ["a", "b"])
Source parse_source(Tokens& in) {
  Source source;
  if (in.take_word("loggroups")) {
    parse_group_selection(in, source);
    return source;
  }
  do {
    in.skip();
    const bool is_quoted = in.peek() == '"' || in.peek() == '\'';
    source.groups.push_back(is_quoted ? in.quoted() : in.name());
  } while (in.take(","));
  if (source.groups.size() > kMostGroups) in.fail("at most 50 log groups");
  in.skip();
  const size_t begin = in.place();
  if (in.take_word("start") || in.take_word("end"))
    in.fail("times behind SOURCE are not here: the query has a time range", begin, in.place());
  return source;
}

bool is_binned(const StatsCommand& stats) {
  for (const NamedExpression& one : stats.groups)
    if (one.expression.kind == Expression::Kind::call && one.expression.name == "bin") return true;
  return false;
}

void check_order(Tokens& in, const Query& query) {
  size_t stats = 0, joins = 0;
  bool has_bins = false;
  const Command* before = nullptr;
  const auto refuse = [&](std::string why) { in.fail(std::move(why), 0, in.size()); };
  for (const Command& command : query.commands) {
    if (const auto* gathers = std::get_if<StatsCommand>(&command)) {
      if (++stats > 2) refuse("at most two stats commands");
      has_bins = is_binned(*gathers);
    }
    if (std::holds_alternative<JoinCommand>(command) && ++joins > 1) refuse("at most one join");
    if (std::holds_alternative<FillmissingCommand>(command) && !has_bins)
      refuse("fillmissing stands behind stats … by bin(…)");
    if (std::holds_alternative<DiffCommand>(command) &&
        (before == nullptr || !std::holds_alternative<PatternCommand>(*before)))
      refuse("diff stands behind pattern");
    before = &command;
  }
}

// Up to the end, or up to the ) of a query within another.
Query parse_commands(Tokens& in, bool is_within) {
  const auto at_end = [&] { return in.skip(), in.at_end() || (is_within && in.peek() == ')'); };
  Query query;
  in.skip();
  if (in.take_word("source")) {
    query.source = parse_source(in);
    if (!at_end()) in.expect("|");
  }
  const auto parse_within = [](Tokens& here) {
    here.expect("(");
    auto inner = std::make_shared<const Query>(parse_commands(here, true));
    here.expect(")");
    return inner;
  };
  CommandParser commands(in, is_within ? ParseWithin() : ParseWithin(parse_within));
  while (!at_end()) {
    if (query.commands.size() >= kMostCommands) in.fail("too many commands");
    for (Command& command : commands.parse()) query.commands.push_back(std::move(command));
    if (at_end()) break;
    in.expect("|");
    if (at_end()) in.fail("a command is missing behind the last |");
  }
  check_order(in, query);
  return query;
}

void find_queries(const Expression& expression, std::vector<const Query*>& found) {
  if (expression.query != nullptr) found.push_back(expression.query.get());
  for (const Expression& child : expression.children) find_queries(child, found);
}

}  // namespace

std::vector<const Query*> queries_within(const Query& query) {
  std::vector<const Query*> found;
  for (const Command& command : query.commands) {
    if (const auto* filter = std::get_if<FilterCommand>(&command)) find_queries(filter->condition, found);
    if (const auto* join = std::get_if<JoinCommand>(&command)) found.push_back(join->query.get());
  }
  return found;
}

std::variant<Query, Mistake> parse_query(std::string_view text) {
  Tokens in(text);
  Query query = parse_commands(in, false);
  if (in.mistake()) return *in.mistake();
  return query;
}

}  // namespace clew::cloudwatch_logs::insights
