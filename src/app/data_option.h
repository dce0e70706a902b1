// --data of the commands that work on a data directory beside clew serve: the same directory that serve would
// use, be it from a flag, the environment or the configuration file. Only for the source files that define
// commands.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "app/surroundings.h"
#include "base/result.h"

namespace clew::app {

class DataOption {
 public:
  explicit DataOption(CLI::App& command);
  bool given() const { return !flag_.empty(); }
  // After the command line was read.
  Result<std::string> resolve(const Surroundings& surroundings) const;

 private:
  std::string flag_;
};

}  // namespace clew::app
