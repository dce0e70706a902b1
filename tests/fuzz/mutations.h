// Deterministic damage to an input: the same seed makes the same bytes, so that a failure can be repeated.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace clew::fuzz {

// A copy of `input` with one to four changes: flipped bits, overwritten bytes, extreme numbers, cut ends,
// repeated or removed stretches, or a stretch of another input spliced in.
std::string mutate(std::string_view input, std::span<const std::string> others, uint64_t seed);

}  // namespace clew::fuzz
