// FNV-1a, as samplers of the Collector choose by it: the same trace is kept wherever it is decided about.
#pragma once

#include <cstdint>
#include <string_view>

namespace clew::pipeline {

constexpr uint32_t fnv1a_32(std::string_view bytes, uint32_t hash = 0x811c9dc5U) {
  for (const char byte : bytes) hash = (hash ^ static_cast<uint8_t>(byte)) * 0x01000193U;
  return hash;
}

constexpr uint64_t fnv1a_64(std::string_view bytes, uint64_t hash = 0xcbf29ce484222325U) {
  for (const char byte : bytes) hash = (hash ^ static_cast<uint8_t>(byte)) * 0x100000001b3U;
  return hash;
}

}  // namespace clew::pipeline
