#include "base/nearest.h"

#include <algorithm>
#include <array>
#include <utility>

namespace clew {
namespace {

constexpr size_t kCompared = 256;
// Longer words are nobody's typing error.
constexpr size_t kLongestTyped = 64;

}  // namespace

size_t edit_distance(std::string_view a, std::string_view b) {
  a = a.substr(0, kCompared);
  b = b.substr(0, kCompared);
  using Row = std::array<size_t, kCompared + 1>;
  Row two_above{}, above{}, row{};
  for (size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], two_above[j - 2] + 1);
    }
    two_above = std::exchange(above, row);
  }
  return above[b.size()];
}

std::string_view nearest(std::string_view wanted, std::span<const std::string_view> known) {
  const auto best = std::min_element(known.begin(), known.end(), [&](std::string_view a, std::string_view b) {
    return edit_distance(wanted, a) < edit_distance(wanted, b);
  });
  return best == known.end() ? std::string_view() : *best;
}

std::optional<std::string> nearest_word(std::string_view typed, std::span<const std::string> words) {
  if (typed.size() > kLongestTyped) return std::nullopt;
  std::optional<std::string> best;
  // A third of the letters may be wrong; beyond that a suggestion is more confusing than none.
  size_t limit = std::max<size_t>(1, typed.size() / 3) + 1;
  for (const std::string& word : words) {
    if (const size_t far = edit_distance(typed, word); far < limit) {
      limit = far;
      best = word;
    }
  }
  return best;
}

}  // namespace clew
