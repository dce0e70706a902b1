#include "telemetry/sampling_threshold.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/ascii.h"

namespace clew {
namespace {

constexpr size_t kDigits = 14;

std::optional<uint64_t> parse_hex(std::string_view text) {
  if (text.empty() || text.size() > kDigits) return std::nullopt;
  uint64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string all_digits(uint64_t number) {
  std::string text(kDigits, '0');
  for (size_t i = kDigits; i > 0; --i, number >>= 4) text[i - 1] = "0123456789abcdef"[number & 15];
  return text;
}

// Calls `visit` with each piece between the separators.
template <typename Visit>
void for_each_piece(std::string_view text, char separator, Visit visit) {
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

std::optional<uint64_t> parse_threshold(std::string_view text) {
  const auto number = parse_hex(text);
  if (!number) return std::nullopt;
  return *number << (4 * (kDigits - text.size()));
}

std::optional<uint64_t> parse_randomness(std::string_view text) {
  return text.size() == kDigits ? parse_hex(text) : std::nullopt;
}

std::string threshold_text(uint64_t threshold) {
  std::string text = all_digits(threshold);
  text.resize(std::max<size_t>(text.find_last_not_of('0') + 1, 1));  // npos + 1 is 0
  return text;
}

std::string randomness_text(uint64_t randomness) {
  return all_digits(randomness);
}

double probability_of_threshold(uint64_t threshold) {
  return static_cast<double>(kAllRandomness - std::min(threshold, kAllRandomness - 1)) /
         static_cast<double>(kAllRandomness);
}

uint64_t threshold_of_probability(double probability, int digits) {
  if (!(probability < 1)) return 0;
  const double kept = std::max(probability * static_cast<double>(kAllRandomness), 1.0);
  uint64_t threshold = kAllRandomness - static_cast<uint64_t>(kept);
  // Digits that are f say nothing about a small probability; what counts comes behind them.
  int leading = 0;
  while (leading < static_cast<int>(kDigits) && ((threshold >> (52 - 4 * leading)) & 15) == 15) ++leading;
  const int exact = std::min(static_cast<int>(kDigits), digits + leading);
  if (exact < static_cast<int>(kDigits)) {
    const int shift = 4 * (static_cast<int>(kDigits) - exact);
    threshold = (threshold + (uint64_t{1} << (shift - 1))) >> shift << shift;
  }
  return std::min(threshold, kAllRandomness - 1);
}

int64_t weight_of_threshold(uint64_t threshold) {
  const double weight = std::round(1.0 / probability_of_threshold(threshold));
  return static_cast<int64_t>(std::clamp(weight, 1.0, 72057594037927936.0));
}

uint64_t randomness_of_trace_id(std::string_view trace_id) {
  uint64_t randomness = 0;
  for (const char byte : trace_id.substr(trace_id.size() - std::min<size_t>(trace_id.size(), 7)))
    randomness = randomness << 8 | static_cast<uint8_t>(byte);
  return randomness;
}

TraceStateSampling sampling_of_trace_state(std::string_view trace_state) {
  TraceStateSampling sampling;
  for_each_piece(trace_state, ',', [&](std::string_view member) {
    member = trimmed(member, " \t");
    if (!member.starts_with("ot=")) return;
    for_each_piece(member.substr(3), ';', [&](std::string_view field) {
      if (field.starts_with("th:")) {
        sampling.threshold = parse_threshold(field.substr(3));
        sampling.malformed |= !sampling.threshold;
      } else if (field.starts_with("rv:")) {
        sampling.randomness = parse_randomness(field.substr(3));
        sampling.malformed |= !sampling.randomness;
      }
    });
  });
  return sampling;
}

std::string with_sampling(std::string_view trace_state, const TraceStateSampling& sampling) {
  std::string mine, others;
  const auto add = [](std::string& to, char separator, std::string_view piece) {
    if (piece.empty()) return;
    if (!to.empty()) to += separator;
    to += piece;
  };
  if (sampling.threshold) add(mine, ';', "th:" + threshold_text(*sampling.threshold));
  if (sampling.randomness) add(mine, ';', "rv:" + randomness_text(*sampling.randomness));
  for_each_piece(trace_state, ',', [&](std::string_view member) {
    member = trimmed(member, " \t");
    if (!member.starts_with("ot=")) return add(others, ',', member);
    for_each_piece(member.substr(3), ';', [&](std::string_view field) {
      if (!field.starts_with("th:") && !field.starts_with("rv:")) add(mine, ';', field);
    });
  });
  std::string all;
  if (!mine.empty()) add(all, ',', "ot=" + mine);
  add(all, ',', others);
  return all;
}

}  // namespace clew
