// Greeting: what `clew serve` prints once its doors are open. Short, and every line is ready to be copied.
#pragma once

#include <string>

#include "app/effective_settings.h"
#include "app/setup_hints.h"

namespace clew::app {

std::string greeting(const EffectiveSettings& settings, const OpenDoors& open);

}  // namespace clew::app
