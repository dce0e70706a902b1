// Surroundings: what a run of the program sees of the outside, so that tests can give it another.
#pragma once

#include <iosfwd>
#include <map>
#include <string>

namespace clew::app {

struct Surroundings {
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::map<std::string, std::string> environment;
};

}  // namespace clew::app
