// The configuration file: YAML, one line a setting (see settings.h for the keys).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::app {

struct FileEntry {
  std::string key;
  std::vector<std::string> values;  // several only where the file has a list
  int line = 0;                     // counted from 1
};

// `path` is only for messages, which begin with it and the line.
Result<std::vector<FileEntry>> parse_configuration_file(const std::string& text, std::string_view path);
Result<std::vector<FileEntry>> read_configuration_file(const std::string& path);

}  // namespace clew::app
