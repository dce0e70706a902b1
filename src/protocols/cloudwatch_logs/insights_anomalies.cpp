#include "protocols/cloudwatch_logs/insights_anomalies.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <re2/re2.h>

#include "protocols/cloudwatch_logs/insights_value.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kSlices = 20;            // of the time
constexpr double kDeviations = 3;         // above the mean of the slices
constexpr double kLeastInSlice = 10;      // lines
constexpr double kNewSince = 0.75;        // of the time
constexpr size_t kLeastLines = 20;        // below these, nothing is usual
constexpr double kUsual = 0.95;           // of the lines have the usual word
constexpr double kQuartileDistances = 5;  // beyond the quartiles
constexpr size_t kMostPlaces = 64;        // of words and numbers in a line
constexpr size_t kMostWords = 1'000;      // told apart in a place

// Where the lines of all patterns lie in time.
struct Extent {
  double from = 0, to = 0;
  size_t slice_of(double at) const {
    if (to <= from) return 0;
    const double part = (at - from) / (to - from) * static_cast<double>(kSlices);
    return static_cast<size_t>(std::clamp(part, 0.0, static_cast<double>(kSlices - 1)));
  }
};

std::optional<Anomaly> frequency_of(const std::vector<PatternLine>& lines, const Extent& extent) {
  std::array<double, kSlices> counts{};
  for (const PatternLine& line : lines) ++counts[extent.slice_of(line.milliseconds)];
  const double mean = static_cast<double>(lines.size()) / static_cast<double>(kSlices);
  double squares = 0;
  for (const double count : counts) squares += (count - mean) * (count - mean);
  const double deviation = std::sqrt(squares / static_cast<double>(kSlices));
  const auto most = std::max_element(counts.begin(), counts.end());
  if (*most < kLeastInSlice || *most <= mean + kDeviations * deviation) return std::nullopt;
  const auto slice = static_cast<double>(most - counts.begin());
  const double at = extent.from + (extent.to - extent.from) * slice / static_cast<double>(kSlices);
  return Anomaly{Anomaly::Kind::frequency,
                 fmt::format("{} lines from {} on, where {:.1f} are usual", *most,
                             to_text(Value(Moment{static_cast<int64_t>(at)})), mean)};
}

std::optional<Anomaly> novelty_of(const std::vector<PatternLine>& lines, const Extent& extent,
                                  bool others_before) {
  const auto first = std::min_element(
      lines.begin(), lines.end(),
      [](const PatternLine& a, const PatternLine& b) { return a.milliseconds < b.milliseconds; });
  const double begins = extent.from + (extent.to - extent.from) * kNewSince;
  if (!others_before || first->milliseconds < begins) return std::nullopt;
  return Anomaly{
      Anomaly::Kind::novelty,
      fmt::format("first seen {}", to_text(Value(Moment{static_cast<int64_t>(first->milliseconds)})))};
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (size_t at = 0; at < text.size() && words.size() < kMostPlaces;) {
    const size_t begin = text.find_first_not_of(" \t\n,;", at);
    if (begin == std::string_view::npos) break;
    at = std::min(text.find_first_of(" \t\n,;", begin), text.size());
    words.push_back(text.substr(begin, at - begin));
  }
  return words;
}

std::optional<Anomaly> odd_word_of(const std::vector<PatternLine>& lines) {
  std::array<std::map<std::string_view, size_t>, kMostPlaces> places;
  for (const PatternLine& line : lines) {
    const std::vector<std::string_view> words = words_of(line.text);
    for (size_t i = 0; i < words.size(); ++i)
      if (places[i].size() < kMostWords || places[i].contains(words[i])) ++places[i][words[i]];
  }
  for (const auto& words : places) {
    if (words.size() < 2) continue;
    const auto usual = std::max_element(words.begin(), words.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
    if (static_cast<double>(usual->second) < kUsual * static_cast<double>(lines.size())) continue;
    const auto odd =
        std::find_if(words.begin(), words.end(), [&](const auto& one) { return &one != &*usual; });
    return Anomaly{Anomaly::Kind::token,
                   fmt::format("\"{}\" in {} of {} lines, where \"{}\" is usual", odd->first.substr(0, 80),
                               odd->second, lines.size(), usual->first.substr(0, 80))};
  }
  return std::nullopt;
}

std::vector<double> numbers_of(std::string_view text) {
  std::vector<double> numbers;
  for (size_t at = 0; at < text.size() && numbers.size() < kMostPlaces;) {
    const bool begins_number = std::isdigit(static_cast<unsigned char>(text[at])) != 0;
    const bool is_within_word = at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0;
    if (!begins_number) {
      ++at;
      continue;
    }
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data() + at, text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc()) {
      ++at;
      continue;
    }
    if (!is_within_word) numbers.push_back(number);
    at = static_cast<size_t>(end - text.data());
  }
  return numbers;
}

std::optional<Anomaly> odd_number_of(const std::vector<PatternLine>& lines) {
  std::array<std::vector<double>, kMostPlaces> places;
  for (const PatternLine& line : lines) {
    const std::vector<double> numbers = numbers_of(line.text);
    for (size_t i = 0; i < numbers.size(); ++i) places[i].push_back(numbers[i]);
  }
  for (std::vector<double>& numbers : places) {
    if (numbers.size() < kLeastLines) continue;
    std::sort(numbers.begin(), numbers.end());
    const double low = numbers[numbers.size() / 4], high = numbers[numbers.size() * 3 / 4];
    const double distance = high - low;
    const double farthest = numbers.back() - high > low - numbers.front() ? numbers.back() : numbers.front();
    const bool is_beyond =
        farthest > high + kQuartileDistances * distance || farthest < low - kQuartileDistances * distance;
    if (distance <= 0 || !is_beyond) continue;
    return Anomaly{Anomaly::Kind::number,
                   fmt::format("{} where half of the lines have {} to {}", farthest, low, high)};
  }
  return std::nullopt;
}

std::optional<Anomaly> http_errors_of(const std::vector<PatternLine>& lines) {
  static const re2::RE2 kStatus(
      R"re((?i)(?:\bstatus(?:[_ ]?code)?["']?\s*[:=]?\s*["']?|HTTP/\d(?:\.\d)?["']?\s+)([45]\d\d)\b)re");
  size_t errors = 0;
  std::string code, first;
  for (const PatternLine& line : lines) {
    if (!re2::RE2::PartialMatch(line.text, kStatus, &code)) continue;
    if (++errors == 1) first = code;
  }
  if (errors == 0) return std::nullopt;
  return Anomaly{Anomaly::Kind::http_error,
                 fmt::format("{} of {} lines have an HTTP error, as {}", errors, lines.size(), first)};
}

}  // namespace

std::string_view name_of(Anomaly::Kind kind) {
  switch (kind) {
    case Anomaly::Kind::frequency:
      return "PatternFrequency";
    case Anomaly::Kind::novelty:
      return "NewPattern";
    case Anomaly::Kind::token:
      return "TokenVariation";
    case Anomaly::Kind::number:
      return "NumericToken";
    case Anomaly::Kind::http_error:
      return "HttpErrorCode";
  }
  return "";
}

std::vector<std::vector<Anomaly>> find_anomalies(const std::vector<std::vector<PatternLine>>& patterns,
                                                 const TimeRange& range) {
  Extent extent{static_cast<double>(range.from.count) / 1e6, static_cast<double>(range.to.count) / 1e6};
  const double quarter = extent.from + (extent.to - extent.from) * kNewSince;
  const bool any_before = std::any_of(patterns.begin(), patterns.end(), [&](const auto& lines) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const PatternLine& line) { return line.milliseconds < quarter; });
  });
  std::vector<std::vector<Anomaly>> all;
  for (const std::vector<PatternLine>& lines : patterns) {
    std::vector<Anomaly>& found = all.emplace_back();
    const auto add = [&](std::optional<Anomaly> one) {
      if (one) found.push_back(*std::move(one));
    };
    if (lines.empty()) continue;
    add(frequency_of(lines, extent));
    add(novelty_of(lines, extent, any_before));
    if (lines.size() >= kLeastLines) {
      add(odd_word_of(lines));
      add(odd_number_of(lines));
    }
    add(http_errors_of(lines));
  }
  return all;
}

}  // namespace clew::cloudwatch_logs::insights
