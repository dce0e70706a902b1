// The command parse, which takes a text apart: by a glob or by a regular expression.
#include <algorithm>

#include <fmt/format.h>
#include <re2/re2.h>

#include "protocols/cloudwatch_logs/insights_command_parser.h"

namespace clew::cloudwatch_logs::insights {

Command CommandParser::parse_parse() {
  ParseCommand command;
  in_.skip();
  const size_t begin = in_.place();
  if (in_.peek() == '"' || in_.peek() == '\'' || in_.peek() == '/') {
    command.subject = {.kind = Expression::Kind::field, .name = "@message", .written = "@message"};
  } else {
    command.subject = expressions_.operand();
    in_.skip();
  }
  if (in_.peek() == '/')
    parse_regular_expression(command, begin);
  else
    parse_glob(command, begin);
  return command;
}

void CommandParser::parse_regular_expression(ParseCommand& command, size_t begin) {
  command.expression = in_.regular_expression();
  if (command.expression == nullptr) return;
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
  if (std::all_of(command.names.begin(), command.names.end(), [](const auto& one) { return one.empty(); }))
    in_.fail("the regular expression has no named group", begin, in_.place());
}

void CommandParser::parse_glob(ParseCommand& command, size_t begin) {
  if (in_.peek() != '"' && in_.peek() != '\'') {
    in_.fail("parse takes a text with * or a regular expression");
    return;
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
}

}  // namespace clew::cloudwatch_logs::insights
