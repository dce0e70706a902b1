// The ids of things that were made through the API: 11 characters without those that look alike.
#pragma once

#include <string>
#include <string_view>

namespace clew::honeycomb {

std::string new_short_id();
// The same for the same text.
std::string short_id_of(std::string_view text);

}  // namespace clew::honeycomb
