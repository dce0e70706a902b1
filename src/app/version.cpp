#include "app/version.h"

#include <ostream>

#include <CLI/CLI.hpp>

#include "app/subcommands.h"

namespace clew::app {

Action define_version(CLI::App& command) {
  command.description("Print the version of this program.");
  return [](Surroundings& surroundings) {
    surroundings.out << "clew " << kVersion << "\n";
    return Status();
  };
}

}  // namespace clew::app
