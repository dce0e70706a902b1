// `clew daemon`, and the program under the name `xray`: in the place of the X-Ray daemon, with its own rules
// for flags.
#pragma once

#include <string>
#include <vector>

#include "app/surroundings.h"
#include "base/result.h"

namespace clew::app {

// Whether the program was called as the daemon: by its name ("/usr/bin/xray"), or with a first argument that
// is "xray" or begins a whole command line ("xray -o -b xray-daemon:2000").
bool is_daemon_call(std::string_view program, const std::vector<std::string>& arguments);

// Runs until it is told to stop. `arguments` are those after the name of the command.
Status run_daemon(const std::vector<std::string>& arguments, Surroundings& surroundings);

}  // namespace clew::app
