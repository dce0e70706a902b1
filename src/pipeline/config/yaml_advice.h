// What a person may look for in a text that is not YAML: the parser only says what it missed.
#pragma once

#include <string>
#include <string_view>

namespace clew::pipeline {

std::string yaml_advice(std::string_view text);

}  // namespace clew::pipeline
