// The settings in force, and where each comes from: flag before environment before file before default.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/configuration.h"
#include "app/settings.h"
#include "base/result.h"

namespace clew::app {

struct SettingSources {
  std::map<std::string, std::vector<std::string>> flags;  // by Setting::name; only those given
  std::map<std::string, std::string> environment;         // all variables of the process
  std::optional<std::string> file;                        // --config; otherwise CLEW_CONFIG counts
};

struct EffectiveSetting {
  const Setting* setting;
  std::vector<std::string> values;  // empty: not set
  std::string source;               // "--max-disk", "CLEW_MAX_DISK", "clew.yaml:3" or "default"
  bool is_default() const { return source == "default"; }
};

struct EffectiveSettings {
  Configuration configuration;
  std::vector<EffectiveSetting> all;  // in the order of the table
  std::optional<std::string> file;
  std::vector<std::string> notes;  // for the operator: variables that look like a setting and are none

  const EffectiveSetting& find(std::string_view name) const;
};

Result<EffectiveSettings> resolve_settings(const SettingSources& sources);

// What `clew config` prints: a configuration file, with the source of each value as a comment.
std::string as_configuration_file(const EffectiveSettings& settings);
// The tables of docs/configuration.md.
std::string settings_as_markdown();

}  // namespace clew::app
