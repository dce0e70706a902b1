// MetroHash: the 64-bit hash of METRO_HASH().
#pragma once

#include <cstdint>
#include <string_view>

namespace clew::query {

uint64_t metro_hash(std::string_view bytes, uint64_t seed = 0);

}  // namespace clew::query
