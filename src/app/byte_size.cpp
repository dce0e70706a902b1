#include "app/byte_size.h"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/ascii.h"

namespace clew::app {
namespace {

struct Unit {
  std::string_view name;  // in lower case
  double bytes;
};
constexpr std::array<Unit, 15> kUnits = {{{"", 1},
                                          {"b", 1},
                                          {"k", 1e3},
                                          {"kb", 1e3},
                                          {"m", 1e6},
                                          {"mb", 1e6},
                                          {"g", 1e9},
                                          {"gb", 1e9},
                                          {"t", 1e12},
                                          {"tb", 1e12},
                                          {"kib", 1024.0},
                                          {"mib", 1024.0 * 1024},
                                          {"gib", 1024.0 * 1024 * 1024},
                                          {"tib", 1024.0 * 1024 * 1024 * 1024},
                                          {"pb", 1e15}}};

}  // namespace

Result<uint64_t> parse_byte_size(std::string_view text) {
  double number = 0;
  const char* end_of_text = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), end_of_text, number);
  std::string unit_name;
  for (const char c : std::string_view(end, static_cast<size_t>(end_of_text - end))) {
    if (c != ' ') unit_name += lower_case(c);
  }
  if (error == std::errc() && std::isfinite(number) && number >= 0) {
    for (const Unit& unit : kUnits) {
      // 2^63: more is no size of anything, and stays clear of overflow when two are added.
      if (unit.name == unit_name && number * unit.bytes < 9.2e18)
        return static_cast<uint64_t>(std::llround(number * unit.bytes));
    }
  }
  return Status(
      ErrorKind::bad_input,
      fmt::format("not a size: expected a number and kB, MB, GB, TB, KiB, MiB, GiB or TiB, got '{}'", text));
}

std::string byte_size_for_people(uint64_t bytes) {
  constexpr std::array<const char*, 6> kNames = {"bytes", "kB", "MB", "GB", "TB", "PB"};
  auto value = static_cast<double>(bytes);
  size_t step = 0;
  for (; value >= 999.5 && step + 1 < kNames.size(); ++step) value /= 1000;
  const int digits = step == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  std::string number = fmt::format("{:.{}f}", value, digits);
  if (number.find('.') != std::string::npos) {
    while (number.back() == '0') number.pop_back();
    if (number.back() == '.') number.pop_back();
  }
  return number + " " + kNames[step];
}

}  // namespace clew::app
