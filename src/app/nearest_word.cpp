#include "app/nearest_word.h"

#include <algorithm>

#include "protocols/nearest.h"

namespace clew::app {
namespace {

// Longer words are nobody's typing error.
constexpr size_t kLongest = 64;

}  // namespace

std::optional<std::string> nearest_word(std::string_view typed, std::span<const std::string> words) {
  if (typed.size() > kLongest) return std::nullopt;
  std::optional<std::string> nearest;
  // A third of the letters may be wrong; beyond that a suggestion is more confusing than none.
  size_t best = std::max<size_t>(1, typed.size() / 3) + 1;
  for (const std::string& word : words) {
    if (const size_t far = edit_distance(typed, word); far < best) {
      best = far;
      nearest = word;
    }
  }
  return nearest;
}

}  // namespace clew::app
