// The version of this program.
#pragma once

#include <string_view>

namespace clew::app {

// "0.1.0"
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace clew::app
