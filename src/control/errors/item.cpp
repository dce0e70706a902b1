#include "control/errors/item.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace clew::control::errors {
namespace {

// "v1.2.3-rc1+x" as numbers; nothing for what is no version of one to four numbers.
std::optional<std::array<int64_t, 5>> numbers_of(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  std::array<int64_t, 5> numbers{};
  size_t count = 0;
  while (true) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number < 0 || count == 4) return std::nullopt;
    numbers[count++] = number;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    if (text.empty() || text.front() == '+') break;
    if (text.front() == '-') {
      numbers[4] = -1;  // before the release itself
      break;
    }
    if (text.front() != '.') return std::nullopt;
    text.remove_prefix(1);
  }
  return numbers;
}

}  // namespace

std::string_view name_of(State state) {
  switch (state) {
    case State::active:
      return "active";
    case State::resolved:
      return "resolved";
    case State::muted:
      return "muted";
    case State::archived:
      return "archived";
  }
  return "active";
}

std::optional<State> state_named(std::string_view name) {
  for (const State state : {State::active, State::resolved, State::muted, State::archived})
    if (name == name_of(state)) return state;
  return std::nullopt;
}

std::optional<bool> is_older(std::string_view version, std::string_view other) {
  const auto a = numbers_of(version);
  const auto b = numbers_of(other);
  if (!a || !b) return std::nullopt;
  return *a < *b;
}

}  // namespace clew::control::errors
