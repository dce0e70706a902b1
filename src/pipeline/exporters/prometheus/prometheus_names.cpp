#include "pipeline/exporters/prometheus/prometheus_names.h"

#include <algorithm>
#include <vector>

namespace clew::pipeline {
namespace {

using Words = std::pair<std::string_view, std::string_view>;

// Codes of UCUM.
constexpr Words kUnits[] = {{"d", "days"},          {"h", "hours"},
                            {"min", "minutes"},     {"s", "seconds"},
                            {"ms", "milliseconds"}, {"us", "microseconds"},
                            {"ns", "nanoseconds"},  {"By", "bytes"},
                            {"KiBy", "kibibytes"},  {"MiBy", "mebibytes"},
                            {"GiBy", "gibibytes"},  {"TiBy", "tebibytes"},
                            {"KBy", "kilobytes"},   {"kBy", "kilobytes"},
                            {"MBy", "megabytes"},   {"GBy", "gigabytes"},
                            {"TBy", "terabytes"},   {"m", "meters"},
                            {"V", "volts"},         {"A", "amperes"},
                            {"J", "joules"},        {"W", "watts"},
                            {"g", "grams"},         {"Cel", "celsius"},
                            {"Hz", "hertz"},        {"1", ""},
                            {"%", "percent"}};
constexpr Words kRates[] = {{"s", "second"}, {"m", "minute"}, {"h", "hour"}, {"d", "day"},
                            {"w", "week"},   {"mo", "month"}, {"y", "year"}};

template <size_t count>
std::string_view word_for(const Words (&words)[count], std::string_view code) {
  for (const auto& [known, word] : words)
    if (known == code) return word;
  return code;
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// The pieces between characters that names cannot have.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (is_letter_or_digit(c) || c == ':')
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::string only_valid(std::string_view text) {
  std::string name(text);
  for (char& c : name)
    if (!is_letter_or_digit(c) && c != '_' && c != ':') c = '_';
  return name;
}

void add_unit(std::string_view unit, std::vector<std::string>& words) {
  std::string bare;  // without {annotations}
  bool annotation = false;
  for (const char c : unit) {
    annotation = annotation || c == '{';
    if (!annotation && c != ' ') bare += c;
    if (c == '}') annotation = false;
  }
  const auto add_all = [&](std::string_view text) {
    for (std::string& word : words_of(text))
      if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
  };
  const size_t slash = bare.find('/');
  add_all(word_for(kUnits, std::string_view(bare).substr(0, slash)));
  if (slash == std::string::npos || slash + 1 == bare.size()) return;
  const std::string_view rate = word_for(kRates, std::string_view(bare).substr(slash + 1));
  if (std::find(words.begin(), words.end(), rate) != words.end()) return;
  words.emplace_back("per");
  add_all(rate);
}

}  // namespace

std::string prometheus_metric_name(const PrometheusNaming& naming, std::string_view name,
                                   std::string_view unit, bool is_counter, bool is_gauge) {
  std::string all;
  if (!naming.with_suffixes) {
    all = only_valid(name);
  } else {
    std::vector<std::string> words = words_of(name);
    add_unit(unit, words);
    if (is_counter) {
      std::erase(words, "total");
      words.emplace_back("total");
    }
    if (is_gauge && unit == "1" && std::find(words.begin(), words.end(), "ratio") == words.end())
      words.emplace_back("ratio");
    for (const std::string& word : words) all += (all.empty() ? "" : "_") + word;
  }
  if (!naming.prefix.empty()) all = only_valid(naming.prefix) + "_" + all;
  if (all.empty() || (all[0] >= '0' && all[0] <= '9')) all.insert(0, "_");
  return all;
}

std::string prometheus_label_name(std::string_view name) {
  std::string label(name);
  for (char& c : label)
    if (!is_letter_or_digit(c) && c != '_') c = '_';
  if (label.empty()) return "_";
  if (label[0] >= '0' && label[0] <= '9') return "key_" + label;
  if (label[0] == '_' && !label.starts_with("__")) return "key" + label;
  return label;
}

}  // namespace clew::pipeline
