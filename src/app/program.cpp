#include "app/program.h"

#include <algorithm>
#include <array>
#include <optional>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/help.h"
#include "app/subcommands.h"
#include "base/nearest.h"

namespace clew::app {
namespace {

constexpr const char* kDescription =
    "clew keeps the traces, logs and metrics of your applications and answers questions about them.";
constexpr const char* kFirstSteps =
    "First steps:\n"
    "  clew serve                                  then open http://127.0.0.1:2539\n"
    "  clew query 'COUNT GROUP BY service.name'    what has arrived\n"
    "  clew COMMAND --help                         more about a command, with examples";

std::string with_suggestion(const std::string& about, const std::string& typed,
                            const std::vector<std::string>& words) {
  const auto meant = nearest_word(typed, words);
  return meant ? fmt::format("{}; did you mean {}?", about, *meant) : about;
}

// What other programs call an option of ours.
std::optional<std::string> option_meant(const std::string& typed, const std::vector<std::string>& words) {
  struct Elsewhere {
    std::string_view typed, option, shown;
  };
  constexpr std::array kElsewhere = {
      Elsewhere{"--port", "--listen", "--listen 127.0.0.1:PORT"},
      Elsewhere{"-p", "--listen", "--listen 127.0.0.1:PORT"},
      Elsewhere{"--host", "--listen", "--listen HOST or HOST:PORT"},
      Elsewhere{"--bind", "--listen", "--listen HOST or HOST:PORT"},
      Elsewhere{"--address", "--listen", "--listen HOST or HOST:PORT"},
      Elsewhere{"--data-dir", "--data", "--data DIR"},
      Elsewhere{"--storage", "--data", "--data DIR"},
      Elsewhere{"--verbose", "--log-level", "--log-level debug"},
      Elsewhere{"-v", "--log-level", "--log-level debug"},
      Elsewhere{"--debug", "--log-level", "--log-level debug"},
      Elsewhere{"--url", "--server", "--server URL"},
      Elsewhere{"--api-key", "--key", "--key KEY"},
      Elsewhere{"--since", "--from", "--from -1h"},
      Elsewhere{"--until", "--to", "--to TIME"},
  };
  for (const Elsewhere& one : kElsewhere) {
    if (one.typed == typed && std::find(words.begin(), words.end(), one.option) != words.end())
      return std::string(one.shown);
  }
  return std::nullopt;
}

// The deepest command that was named: `clew keys create` rather than `clew keys`.
const CLI::App* named_command(const CLI::App& program) {
  const CLI::App* command = &program;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return command;
}

std::string path_of(const CLI::App* command) {
  const CLI::App* parent = command->get_parent();
  return parent ? path_of(parent) + " " + command->get_name() : command->get_name();
}

// One sentence instead of the library's words, which speak of "extras".
std::string complaint(const CLI::App& program, const CLI::ParseError& error) {
  const CLI::App* command = named_command(program);
  const std::vector<std::string> unexpected = program.remaining(true);
  const bool has_unexpected = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
  if (!has_unexpected || unexpected.empty()) return error.what();
  // The value of an unknown option is unexpected too; the option is what the sentence has to be about.
  const auto option_like = std::find_if(unexpected.begin(), unexpected.end(),
                                        [](const std::string& one) { return one.starts_with('-'); });
  const std::string& typed = option_like != unexpected.end() ? *option_like : unexpected.front();
  std::vector<std::string> words;
  if (typed.starts_with('-')) {
    for (const CLI::Option* option : command->get_options()) words.push_back(option->get_name());
    if (const auto meant = option_meant(typed.substr(0, typed.find('=')), words))
      return fmt::format("unknown option {}; here it is {}", typed, *meant);
    return with_suggestion("unknown option " + typed, typed.substr(0, typed.find('=')), words);
  }
  for (const CLI::App* child : command->get_subcommands(nullptr)) words.push_back(child->get_name());
  if (words.empty())
    return fmt::format("unexpected '{}'; a question or value with blanks in it needs quotes around it",
                       typed);
  return with_suggestion(fmt::format("unknown command '{}'", typed), typed, words);
}

}  // namespace

int run_program(std::vector<std::string> arguments, Surroundings& surroundings) {
  // `clew help keys` is what others have for `clew keys --help`.
  if (!arguments.empty() && arguments.front() == "help") {
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  if (!arguments.empty() && (arguments.front() == "--version" || arguments.front() == "-V"))
    arguments.front() = "version";
  CLI::App program(kDescription, "clew");
  program.footer(kFirstSteps);
  program.set_help_flag("--help,-h", "Print this help");
  program.formatter(std::make_shared<HelpFormatter>());
  struct Command {
    const Subcommand& subcommand;
    CLI::App* app;
    Action action;
  };
  std::vector<Command> commands;
  for (const Subcommand& subcommand : all_subcommands()) {
    CLI::App* command = program.add_subcommand(std::string(subcommand.name));
    commands.push_back({subcommand, command, subcommand.define(*command)});
    command->description(fmt::format("{}\n{}", subcommand.summary, command->get_description()));
  }
  try {
    // The library wants them from the last to the first.
    program.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    surroundings.out << named_command(program)->help();
    return kDone;
  } catch (const CLI::ParseError& error) {
    const std::string path = path_of(named_command(program));
    surroundings.err << path << ": " << complaint(program, error) << "\n" << path << " --help explains it\n";
    return kMisused;
  }
  for (const auto& [subcommand, command, action] : commands) {
    if (!command->parsed()) continue;
    const CLI::App* named = named_command(program);
    if (!named->get_subcommands(nullptr).empty() && !subcommand.runs_alone) {
      surroundings.err << named->help();  // `clew keys` alone
      return kMisused;
    }
    const Status status = action(surroundings);
    if (status.ok()) return kDone;
    surroundings.err << path_of(command) << ": " << status.message() << "\n";
    return status.kind() == ErrorKind::bad_input ? kMisused : kFailed;
  }
  surroundings.out << program.help();
  return kDone;
}

}  // namespace clew::app
