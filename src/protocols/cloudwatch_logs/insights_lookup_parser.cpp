// The grammar of the commands that bring in rows from elsewhere, or look at all rows at once.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "protocols/cloudwatch_logs/insights_command_parser.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kMostKeys = 10;
constexpr size_t kMostOutputs = 100;
constexpr size_t kMostRowsAppended = 100'000;

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

}  // namespace

void CommandParser::parse_outputs(LookupCommand& command) {
  command.only_missing = in_.take_word("outputnew");
  if (!command.only_missing && !in_.take_word("output")) {
    in_.fail("expected OUTPUT and fields of the table");
    return;
  }
  do {
    LookupCommand::Output output{.column = in_.name(), .name = {}};
    output.name = in_.take_word("as") ? in_.name() : output.column;
    command.outputs.push_back(std::move(output));
  } while (in_.take(",") && command.outputs.size() < kMostOutputs);
}

// lookup users id as user.id, tenant as tenant OUTPUT name, email
Command CommandParser::parse_lookup() {
  LookupCommand command{.table = in_.name()};
  do {
    LookupCommand::Key key{.column = in_.name(), .field = {}};
    key.field = in_.take_word("as") ? in_.name() : key.column;
    command.keys.push_back(std::move(key));
  } while (in_.take(",") && command.keys.size() < kMostKeys);
  parse_outputs(command);
  return command;
}

// cidrlookup networks ip [as network] OUTPUT region, owner as team
Command CommandParser::parse_cidrlookup() {
  LookupCommand command{.table = in_.name(), .of_networks = true};
  LookupCommand::Key key{.column = {}, .field = in_.name()};
  if (in_.take_word("as")) key.column = in_.name();
  command.keys.push_back(std::move(key));
  parse_outputs(command);
  return command;
}

// relevantfields [a, b] where ms > 400
Command CommandParser::parse_relevant_fields() {
  RelevantFieldsCommand command;
  if (!in_.take_word("where")) {
    command.fields = names();
    if (!in_.take_word("where")) in_.fail("expected 'where' and a condition");
  }
  command.condition = expressions_.any();
  return command;
}

// outlier [action=remove] [param=3.0] [uselower=true] [mark=true] cpu memory
Command CommandParser::parse_outlier() {
  OutlierCommand command;
  for (;;) {
    in_.skip();
    const size_t begin = in_.place();
    if (const auto action = option("action")) {
      command.removes = lower_case(*action) == "remove";
      if (!command.removes && lower_case(*action) != "transform")
        in_.fail("action is remove or transform", begin, in_.place());
    } else if (const auto factor = option("param")) {
      command.factor = number_in<double>(*factor).value_or(-1);
      if (!(command.factor >= 0)) in_.fail("param is a number, 0 or more", begin, in_.place());
    } else {
      command.lower_too = flag("uselower", command.lower_too);
      command.marks = flag("mark", command.marks);
      if (in_.skip(), in_.place() == begin) break;
    }
  }
  do {
    command.fields.push_back(in_.name());
    in_.take(",");
    in_.skip();
  } while (!in_.at_end() && in_.peek() != '|' && in_.peek() != ')');
  return command;
}

// appendcols [override=true] [max=100] (SOURCE 'group' | …)
Command CommandParser::parse_appendcols() {
  AppendcolsCommand command;
  for (;;) {
    in_.skip();
    const size_t begin = in_.place();
    command.overrides = flag("override", command.overrides);
    if (const auto most = option("max")) {
      command.most = number_in<size_t>(*most).value_or(0);
      if (command.most == 0 || command.most > kMostRowsAppended)
        in_.fail(fmt::format("max is from 1 to {}", kMostRowsAppended), begin, in_.place());
    }
    if (in_.skip(), in_.place() == begin) break;
  }
  if (within_ == nullptr) {
    in_.fail("a query within a query has no appendcols");
    return command;
  }
  command.query = within_(in_);
  return command;
}

}  // namespace clew::cloudwatch_logs::insights
