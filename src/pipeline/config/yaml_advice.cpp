#include "pipeline/config/yaml_advice.h"

#include <fmt/format.h>

namespace clew::pipeline {

std::string yaml_advice(std::string_view text) {
  for (int line = 1; !text.empty(); ++line) {
    const size_t end = text.find('\n');
    const std::string_view indentation = text.substr(0, text.find_first_not_of(" \t"));
    if (indentation.size() < end && indentation.find('\t') != std::string_view::npos)
      return fmt::format("line {} is indented with a tab, and YAML takes blanks alone", line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return "look there, and in the lines above, for a bracket or quote that is not closed, or an indentation "
         "that "
         "fits no other line";
}

}  // namespace clew::pipeline
