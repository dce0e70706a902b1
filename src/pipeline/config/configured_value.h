// A value of a configuration as an attribute's value: `value: 8` is an integer, `value: "8"` a text.
#pragma once

#include <string>

#include "pipeline/config/value.h"

namespace clew::pipeline {

// An AnyValue message.
std::string configured_any_value(const ConfigValue& value);

}  // namespace clew::pipeline
