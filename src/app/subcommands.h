// The subcommands of clew: one list, one source file each.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "app/surroundings.h"
#include "base/result.h"

namespace CLI {
class App;
}

namespace clew::app {

// What a subcommand does once its command line has been read. A failure of kind bad_input is about what was
// typed or configured (exit code 2), any other about the world (exit code 1).
using Action = std::function<Status(Surroundings& surroundings)>;

struct Subcommand {
  std::string_view name;
  std::string_view summary;             // one line for the list of commands
  Action (*define)(CLI::App& command);  // adds its options and help
  bool runs_alone = true;  // of a command with commands below it: whether it does something itself
};

std::span<const Subcommand> all_subcommands();

Action define_serve(CLI::App& command);
Action define_collect(CLI::App& command);
Action define_daemon(CLI::App& command);
Action define_query(CLI::App& command);
Action define_mcp(CLI::App& command);
Action define_keys(CLI::App& command);
Action define_environments(CLI::App& command);
Action define_config(CLI::App& command);
Action define_dump(CLI::App& command);
Action define_backup(CLI::App& command);
Action define_restore(CLI::App& command);
Action define_export(CLI::App& command);
Action define_import(CLI::App& command);
Action define_version(CLI::App& command);

}  // namespace clew::app
