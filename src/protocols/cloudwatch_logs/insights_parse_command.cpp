// The commands parse and json, which take a text apart: by a glob, a regular expression, as logfmt, CSV or
// JSON.
#include <algorithm>

#include <fmt/format.h>
#include <re2/re2.h>

#include "protocols/cloudwatch_logs/insights_command_parser.h"

namespace clew::cloudwatch_logs::insights {
namespace {

Expression message() {
  return {.kind = Expression::Kind::field, .name = "@message", .written = "@message"};
}

// "logfmt as" or "csv as", when that is next; a field may be called so too.
bool takes_mode(Tokens& in, ParseCommand& command) {
  in.skip();
  const size_t begin = in.place();
  const bool is_logfmt = in.take_word("logfmt");
  if ((is_logfmt || in.take_word("csv")) && in.take_word("as")) {
    command.mode = is_logfmt ? ParseCommand::Mode::logfmt : ParseCommand::Mode::csv;
    return true;
  }
  in.go_back(begin);
  return false;
}

}  // namespace

Command CommandParser::parse_parse() {
  ParseCommand command;
  in_.skip();
  const size_t begin = in_.place();
  if (in_.peek() == '"' || in_.peek() == '\'' || in_.peek() == '/') {
    command.subject = message();
  } else {
    const bool has_no_subject = takes_mode(in_, command);
    if (has_no_subject) {
      command.subject = message();
    } else {
      command.subject = expressions_.operand();
      takes_mode(in_, command);
    }
    in_.skip();
  }
  if (command.mode != ParseCommand::Mode::expression) {
    command.names = names();
    if (command.mode == ParseCommand::Mode::logfmt && command.names.size() > 1)
      in_.fail("logfmt makes one map", begin, in_.place());
  } else if (in_.peek() == '/') {
    parse_regular_expression(command, begin);
  } else {
    parse_glob(command, begin);
  }
  return command;
}

// json [field=payload] "user.name" as name
Command CommandParser::parse_json() {
  JsonCommand command{.subject = message(), .path = {}, .name = {}};
  if (const auto given = option("field"))
    command.subject = {.kind = Expression::Kind::field, .name = *given, .written = *given};
  in_.skip();
  if (in_.peek() != '"' && in_.peek() != '\'') {
    in_.fail("expected a path between quotes");
    return command;
  }
  command.path = in_.quoted();
  command.name = in_.take_word("as") ? in_.name() : command.path;
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
  if (in_.take_word("multi")) command.mode = ParseCommand::Mode::every_match;
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
