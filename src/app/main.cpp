#include <iostream>
#include <string_view>
#include <unistd.h>

#include "app/program.h"

extern char** environ;

int main(int count, char** arguments) {
  clew::app::Surroundings surroundings{.out = std::cout,
                                       .err = std::cerr,
                                       .out_is_terminal = isatty(STDOUT_FILENO) == 1,
                                       .err_is_terminal = isatty(STDERR_FILENO) == 1,
                                       .environment = {}};
  for (char** one = environ; *one; ++one) {
    const std::string_view entry = *one;
    const size_t equals = entry.find('=');
    if (equals != std::string_view::npos)
      surroundings.environment.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return clew::app::run_program(std::vector<std::string>(arguments + 1, arguments + count), surroundings);
}
