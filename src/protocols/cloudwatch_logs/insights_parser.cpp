// The grammar of Logs Insights queries: where their events come from, and which command may follow which.
#include <algorithm>

#include <fmt/format.h>

#include "base/time.h"
#include "protocols/cloudwatch_logs/insights_command_parser.h"
#include "protocols/cloudwatch_logs/insights_evaluate.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kMostCommands = 50;
constexpr size_t kMostPrefixes = 5;
constexpr size_t kMostGroups = 50;

void parse_group_selection(Tokens& in, Source& source) {
  source.selects = true;
  in.expect("(");
  if (in.take(")")) return;
  do {
    in.skip();
    const size_t begin = in.place();
    const std::string parameter = lower_case(in.word());
    if (!in.take(":") && !in.take("=")) in.fail("expected ':'");
    const Expression values = ExpressionParser(in).list();
    if (parameter == "nameprefix" || parameter == "class" || parameter == "loggroupclass") {
      std::vector<std::string>& names = parameter == "nameprefix" ? source.prefixes : source.classes;
      for (const Expression& value : values.children) names.push_back(value.name);
    } else if (!parameter.starts_with("accountidentifier")) {
      in.fail(fmt::format("logGroups has no parameter {}", parameter), begin, in.place());
    }
  } while (in.take(","));
  in.expect(")");
  if (source.prefixes.size() > kMostPrefixes) in.fail("at most 5 prefixes");
}

// "now", "-1d", milliseconds or seconds since 1970, or a time between quotes.
Source::Time parse_time_of_source(Tokens& in) {
  constexpr int64_t kLatest = INT64_MAX / 1'000'000;  // in milliseconds
  constexpr int64_t kLatestInSeconds = kLatest / 1'000;
  in.expect("=");
  in.skip();
  const size_t begin = in.place();
  const auto refuse = [&] {
    in.fail("expected a time, as now, -1d or '2026-03-01T12:00:00Z'", begin, std::max(in.place(), begin + 1));
    return Source::Time{};
  };
  if (in.take_word("now")) {
    if (!in.take("-")) return {.before_now = true, .milliseconds = 0};
  } else if (in.peek() == '"' || in.peek() == '\'') {
    const Result<UnixNanos> time = parse_time(in.quoted(), {});
    return time.ok() ? Source::Time{.before_now = false, .milliseconds = time->count / 1'000'000} : refuse();
  } else if (!in.take("-")) {
    const std::optional<int64_t> number = in.number<int64_t>();
    if (!number || *number < 0 || *number > kLatest) return refuse();
    return {.before_now = false, .milliseconds = *number < kLatestInSeconds ? *number * 1000 : *number};
  }
  const size_t period = in.place();
  (void)in.word();
  const std::optional<int64_t> milliseconds = period_in(in.since(period));
  return milliseconds && *milliseconds <= kLongestPeriod
             ? Source::Time{.before_now = true, .milliseconds = *milliseconds}
             : refuse();
}

void parse_times(Tokens& in, Source& source) {
  for (;;) {
    if (in.take_word("start"))
      source.start = parse_time_of_source(in);
    else if (in.take_word("end"))
      source.end = parse_time_of_source(in);
    else
      return;
  }
}

// SOURCE 'a', 'b' or SOURCE logGroups(namePrefix: ["a", "b"])
Source parse_source(Tokens& in) {
  Source source;
  if (in.take_word("loggroups")) {
    parse_group_selection(in, source);
    parse_times(in, source);
    return source;
  }
  do {
    in.skip();
    const bool is_quoted = in.peek() == '"' || in.peek() == '\'';
    source.groups.push_back(is_quoted ? in.quoted() : in.name());
  } while (in.take(","));
  if (source.groups.size() > kMostGroups) in.fail("at most 50 log groups");
  parse_times(in, source);
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
    const bool is_behind_pattern = before != nullptr && std::holds_alternative<PatternCommand>(*before);
    if (std::holds_alternative<DiffCommand>(command) && !is_behind_pattern)
      refuse("diff stands behind pattern");
    if (std::holds_alternative<AnomalyCommand>(command) && !is_behind_pattern)
      refuse("anomaly stands behind pattern");
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
    if (const auto* columns = std::get_if<AppendcolsCommand>(&command)) found.push_back(columns->query.get());
  }
  return found;
}

std::vector<std::string> tables_of(const Query& query) {
  std::vector<std::string> names;
  for (const Command& command : query.commands)
    if (const auto* lookup = std::get_if<LookupCommand>(&command)) names.push_back(lookup->table);
  for (const Query* within : queries_within(query)) {
    const std::vector<std::string> more = tables_of(*within);
    names.insert(names.end(), more.begin(), more.end());
  }
  return names;
}

std::variant<Query, Mistake> parse_query(std::string_view text) {
  Tokens in(text);
  Query query = parse_commands(in, false);
  if (in.mistake()) return *in.mistake();
  return query;
}

}  // namespace clew::cloudwatch_logs::insights
