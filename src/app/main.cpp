#include <iostream>
#include <string_view>
#include <unistd.h>

#include "app/daemon.h"
#include "app/program.h"

extern char** environ;

// Read by jemalloc at the start, where the program is linked with it. What a merge or a question has freed
// goes back to the system soon, also when nothing is allocated any more; few arenas, because every one keeps
// some for itself.
extern "C" {
extern const char* const malloc_conf;
const char* const malloc_conf = "background_thread:true,dirty_decay_ms:5000,muzzy_decay_ms:0,narenas:2";
}

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
  const std::vector<std::string> rest(arguments + (count > 0 ? 1 : 0), arguments + count);
  if (count > 0 && clew::app::is_daemon_call(arguments[0], rest)) {
    const clew::Status status = clew::app::run_daemon(rest, surroundings);
    if (!status.ok()) std::cerr << status.message() << "\n";
    return status.ok() ? 0 : 1;
  }
  return clew::app::run_program(rest, surroundings);
}
