#include "control/environments.h"

#include <algorithm>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "app/data_directory.h"
#include "app/data_option.h"
#include "app/subcommands.h"
#include "app/text_table.h"
#include "control/keys.h"
#include "control/schema.h"

namespace clew::app {

Action define_environments(CLI::App& command) {
  command.description(
      "List the environments. Each is a world of its own: the data of two environments never meet. "
      "clew keys create --environment NAME makes a new one.");
  const auto data_option = std::make_shared<DataOption>(command);
  return [data_option](Surroundings& surroundings) -> Status {
    CLEW_ASSIGN(const std::string data, data_option->resolve(surroundings));
    CLEW_TRY(check_data_directory(data, IfMissing::fail));
    CLEW_ASSIGN(control::Database database, control::open_control_database(data));
    CLEW_ASSIGN(const auto environments, control::list_environments(database));
    CLEW_ASSIGN(const auto keys, control::list_keys(database));
    std::vector<std::vector<std::string>> rows;
    for (const control::Environment& environment : environments) {
      const auto count = std::count_if(keys.begin(), keys.end(), [&](const control::Key& key) {
        return key.environment == environment.id && !key.disabled;
      });
      rows.push_back(
          {std::to_string(environment.id.number), environment.name, environment.slug, std::to_string(count)});
    }
    surroundings.out << text_table(
        {{"NUMBER", Alignment::right}, {"NAME"}, {"SLUG"}, {"KEYS", Alignment::right}}, rows);
    return Status();
  };
}

}  // namespace clew::app
