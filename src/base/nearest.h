// Nearest: the known name that somebody probably meant.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace clew {

// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other (optimal
// string alignment). Only the first 256 bytes count, so that hostile lengths cost nothing.
size_t edit_distance(std::string_view a, std::string_view b);

// The one with the smallest distance, the first of equals; empty when there are none.
std::string_view nearest(std::string_view wanted, std::span<const std::string_view> known);

// The word that a person who typed `typed` most likely meant; nullopt when none is near enough to be worth a
// "did you mean …?".
std::optional<std::string> nearest_word(std::string_view typed, std::span<const std::string> words);

}  // namespace clew
