#include "pipeline/config/complaints.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/nearest.h"

namespace clew::pipeline {

void Complaints::error(const Place& place, std::string_view about) {
  errors_.push_back({place, std::string(about)});
}

void Complaints::warn(const Place& place, std::string_view about) {
  warnings_.push_back({place, std::string(about)});
}

void Complaints::warn_of_empty_variable(const Place& place, const EmptyVariable& variable,
                                        std::string_view effect) {
  if (!said_variables_.insert(place.text() + " " + variable.name).second) return;
  std::string about =
      fmt::format("the environment variable {} is {}", variable.name, variable.is_set ? "empty" : "not set");
  if (!variable.meant.empty()) about += fmt::format(" (did you mean {}?)", variable.meant);
  warn(place, about + fmt::format(", so that {}", effect));
}

void Complaints::refer_to_extension(const Place& place, std::string path, ComponentId id) {
  extensions_.push_back({place, std::move(path), std::move(id)});
}

void Complaints::refer_to_pipeline(const Place& place, std::string path, PipelineId id) {
  pipelines_.push_back({place, std::move(path), std::move(id)});
}

std::vector<std::string> Complaints::sorted(std::vector<Complaint> complaints) {
  std::stable_sort(complaints.begin(), complaints.end(),
                   [](const Complaint& a, const Complaint& b) { return a.place.line < b.place.line; });
  std::vector<std::string> lines;
  for (const Complaint& one : complaints) {
    std::string line = fmt::format("{}: {}", one.place.text(), one.about);
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> Complaints::errors() const {
  return sorted(errors_);
}

std::vector<std::string> Complaints::warnings() const {
  return sorted(warnings_);
}

Status Complaints::status() const {
  if (errors_.empty()) return {};
  return {ErrorKind::bad_input, fmt::format("{}", fmt::join(errors(), "\n"))};
}

std::string suggestion(std::string_view typed, const std::vector<std::string>& words) {
  if (words.empty()) return {};
  if (const auto meant = nearest_word(typed, words)) return fmt::format("; did you mean '{}'?", *meant);
  // Somebody who stopped too early.
  const auto begins = std::find_if(words.begin(), words.end(), [&](const std::string& word) {
    return typed.size() >= 4 && word.starts_with(typed);
  });
  if (begins != words.end()) return fmt::format("; did you mean '{}'?", *begins);
  std::vector<std::string> sorted_words = words;
  std::sort(sorted_words.begin(), sorted_words.end());
  return fmt::format("; expected {}{}", sorted_words.size() > 1 ? "one of " : "",
                     fmt::join(sorted_words, ", "));
}

}  // namespace clew::pipeline
