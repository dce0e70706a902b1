// "Did you mean …?"
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace clew::app {

// The word that a person who typed `typed` most likely meant; nullopt when none is near.
std::optional<std::string> nearest_word(std::string_view typed, std::span<const std::string> words);

}  // namespace clew::app
