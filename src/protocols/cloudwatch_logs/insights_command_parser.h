// CommandParser: the grammar of the commands of Logs Insights, what stands between one | and the next.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/cloudwatch_logs/insights_expression_parser.h"

namespace clew::cloudwatch_logs::insights {

// Of what times are shifted by, in milliseconds.
constexpr int64_t kLongestPeriod = 3'660 * 86'400'000LL;

// Like ExpressionParser, after a mistake.
class CommandParser {
 public:
  // `in` must outlive this. Without `within`, commands that have a query within are refused.
  CommandParser(Tokens& in, ParseWithin within)
      : in_(in), within_(within), expressions_(in), conditions_(in, std::move(within)) {}

  // The next one. Some are several of the others under a shorter name.
  std::vector<Command> parse();

 private:
  struct Rule {
    std::string_view name;
    Command (CommandParser::*parse)();
  };
  static const Rule* find_rule(std::string_view name);
  void refuse(std::string_view word, size_t begin);

  Command parse_fields();
  Command parse_display();
  Command parse_filter();
  Command parse_parse();
  void parse_regular_expression(ParseCommand& command, size_t begin);
  void parse_glob(ParseCommand& command, size_t begin);
  Command parse_json();
  Command parse_stats();
  Command parse_sort();
  Command parse_limit();
  Command parse_dedup();
  Command parse_pattern();
  Command parse_diff();
  Command parse_anomaly();
  Command parse_unnest();
  Command parse_expand();
  Command parse_filldown();
  Command parse_join();
  Command parse_fillmissing();
  Command parse_addtotals();
  Command parse_accum();
  Command parse_sessionize();
  Command parse_autoregress();
  // insights_lookup_parser.cpp: those that bring in rows from elsewhere, or look at all of them at once.
  Command parse_lookup();
  Command parse_cidrlookup();
  void parse_outputs(LookupCommand& command);
  Command parse_relevant_fields();
  Command parse_outlier();
  Command parse_appendcols();
  std::vector<Command> parse_count_frequent();
  std::vector<Command> parse_logcompare();
  // name=value, when that is next.
  std::optional<std::string> option(std::string_view name);
  bool flag(std::string_view name, bool otherwise);
  std::vector<std::string> names();
  int64_t period();

  Tokens& in_;
  const ParseWithin within_;
  ExpressionParser expressions_;  // without queries within
  ExpressionParser conditions_;
};

}  // namespace clew::cloudwatch_logs::insights
