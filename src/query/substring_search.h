// Which of many strings contain a given one. Strings that lie side by side in memory are searched as one
// text.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace clew::query {

// Sets found[i] to 1 where strings[i] contains `part`, else to 0. `found` has as many entries as `strings`.
void find_substring(std::span<const std::string_view> strings, std::string_view part,
                    std::span<uint8_t> found);

// Where `part` first occurs in [begin, end), or `end`.
const char* find_in(const char* begin, const char* end, std::string_view part);

}  // namespace clew::query
