#include <memory>
#include <ostream>

#include "app/setting_flags.h"
#include "app/subcommands.h"

namespace clew::app {

Action define_config(CLI::App& command) {
  const auto flags = std::make_shared<SettingFlags>(command);
  const auto markdown = std::make_shared<bool>(false);
  command.add_flag("--markdown", *markdown, "Print the tables of docs/configuration.md instead")
      ->group("Output");
  command.description(
      "Print the settings that clew serve would use here and now, and where each comes from. A flag counts "
      "before the "
      "environment, that before the file, that before the default. What is printed is a configuration file "
      "itself.");
  command.footer(
      "Examples:\n"
      "  clew config > clew.yaml               a file to start from\n"
      "  clew config --config clew.yaml        is it right, and what does it come to?\n"
      "  CLEW_RETENTION=7d clew config         what a variable does");
  return [flags, markdown](Surroundings& surroundings) -> Status {
    if (*markdown) {
      surroundings.out << settings_as_markdown();
      return Status();
    }
    CLEW_ASSIGN(const EffectiveSettings settings, flags->resolve(surroundings));
    surroundings.out << as_configuration_file(settings);
    return Status();
  };
}

}  // namespace clew::app
