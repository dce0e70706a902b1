// Settings: the one table of everything an operator can set. A row is a flag of `clew serve` and `clew
// config`, an environment variable, a key of the configuration file and a line of docs/configuration.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/configuration.h"
#include "base/result.h"

namespace clew::app {

enum class SettingShape : uint8_t { value, list, yes_or_no };

struct Setting {
  std::string_view name;  // "max-disk": --max-disk, CLEW_MAX_DISK, max_disk
  std::string_view group;
  SettingShape shape;
  std::string_view placeholder;    // what stands for the value in help; empty for yes_or_no
  std::string_view default_value;  // lists: with commas between; empty: not set
  std::string_view help;
  // Takes one text in; of a list, one after the other.
  Status (*apply)(Configuration& configuration, const std::string& text);

  std::string flag() const;                  // "--max-disk"
  std::string environment_variable() const;  // "CLEW_MAX_DISK"
  std::string file_key() const;              // "max_disk"
};

std::span<const Setting> all_settings();

// The values of a list written in one line.
std::vector<std::string> split_list(std::string_view text);

}  // namespace clew::app
