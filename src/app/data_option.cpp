#include "app/data_option.h"

#include "app/effective_settings.h"

namespace clew::app {

DataOption::DataOption(CLI::App& command) {
  command.add_option("--data", flag_, "The directory that clew serve uses")
      ->type_name("DIR")
      ->default_str("./clew-data");
}

Result<std::string> DataOption::resolve(const Surroundings& surroundings) const {
  SettingSources sources{.environment = surroundings.environment};
  if (given()) sources.flags["data"] = {flag_};
  CLEW_ASSIGN(const EffectiveSettings settings, resolve_settings(sources));
  return settings.configuration.data;
}

}  // namespace clew::app
