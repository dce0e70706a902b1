// Sizes as an operator writes them: "50GB", "64MiB", "1.5 TB", "4096".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clew::app {

// kB, MB, GB, TB are powers of 1000; KiB, MiB, GiB, TiB of 1024; a bare number is bytes. Upper and lower case
// alike.
Result<uint64_t> parse_byte_size(std::string_view text);
// "1.24 GB": three significant digits and a unit.
std::string byte_size_for_people(uint64_t bytes);

}  // namespace clew::app
