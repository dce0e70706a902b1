// The union of the dictionaries of several segments, sorted, with the way from each old code to the new one.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace clew::store {

struct SortedDictionary {
  std::vector<std::string_view> values;          // views into the inputs
  std::vector<std::vector<uint32_t>> translate;  // by input: old code -> position in `values`
};
SortedDictionary unite(std::span<const std::span<const std::string_view>> inputs);

}  // namespace clew::store
