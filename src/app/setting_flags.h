// The table of settings as options of a command. Only for the source files that define commands.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/effective_settings.h"
#include "app/surroundings.h"

namespace clew::app {

class SettingFlags {
 public:
  // Adds --config and a flag for each setting.
  explicit SettingFlags(CLI::App& command);
  // After the command line was read.
  Result<EffectiveSettings> resolve(const Surroundings& surroundings) const;

 private:
  CLI::App& command_;
  std::map<std::string, std::vector<std::string>> values_;
  std::map<std::string, bool> yes_or_no_;
  std::string file_;
};

}  // namespace clew::app
