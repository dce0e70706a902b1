// Hashing for the tables of the query engine.
#pragma once

#include <cstdint>
#include <string_view>

namespace clew::query {

uint64_t hash_of(std::string_view bytes);

// The finaliser of MurmurHash3: every input bit reaches every output bit.
constexpr uint64_t hash_of(uint64_t number) {
  number ^= number >> 33;
  number *= 0xff51afd7ed558ccd;
  number ^= number >> 33;
  number *= 0xc4ceb9fe1a85ec53;
  return number ^ number >> 33;
}

}  // namespace clew::query
