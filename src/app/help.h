// How help looks: usage, what the command is for, its options by group, examples. Only for the source files
// that define commands: it brings the command line library in.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace clew::app {

class HelpFormatter : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* command, std::string path, CLI::AppFormatMode mode) const override;
};

}  // namespace clew::app
