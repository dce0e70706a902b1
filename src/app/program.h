// The program: reads the command line and runs what it asks for.
#pragma once

#include <string>
#include <vector>

#include "app/surroundings.h"

namespace clew::app {

// Exit codes: what was asked for is done; it could not be done; what was typed or configured makes no sense.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kMisused = 2;

// `arguments` without the name of the program.
int run_program(std::vector<std::string> arguments, Surroundings& surroundings);

}  // namespace clew::app
