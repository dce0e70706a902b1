#include "pipeline/receivers/filelog/path_patterns.h"

#include <algorithm>
#include <filesystem>
#include <fnmatch.h>
#include <set>
#include <span>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace clew::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 32;

// "/var/log/*.log" -> "", "var", "log", "*.log"
std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  for (size_t at = 0;;) {
    const size_t end = path.find('/', at);
    segments.emplace_back(path.substr(at, end - at));
    if (end == std::string_view::npos) return segments;
    at = end + 1;
  }
}

bool has_wildcard(std::string_view segment) {
  return segment.find_first_of("*?[\\") != std::string_view::npos;
}

bool fit(std::span<const std::string> patterns, std::span<const std::string> names) {
  if (patterns.empty()) return names.empty();
  if (patterns[0] == "**") {
    for (size_t skipped = 0; skipped <= names.size(); ++skipped)
      if (fit(patterns.subspan(1), names.subspan(skipped))) return true;
    return false;
  }
  return !names.empty() && ::fnmatch(patterns[0].c_str(), names[0].c_str(), 0) == 0 &&
         fit(patterns.subspan(1), names.subspan(1));
}

void find_below(const std::string& directory, std::span<const std::string> patterns, int depth,
                std::set<std::string>& found) {
  const std::string prefix = directory.empty() || directory.ends_with('/') ? directory : directory + "/";
  const bool is_last = patterns.size() == 1;
  std::error_code error;
  if (!has_wildcard(patterns[0])) {
    const std::string path = prefix + patterns[0];
    if (!is_last) return find_below(path.empty() ? "/" : path, patterns.subspan(1), depth, found);
    if (fs::is_regular_file(path, error)) found.insert(path);
    return;
  }
  const bool any_depth = patterns[0] == "**";
  if (any_depth && !is_last) find_below(directory, patterns.subspan(1), depth, found);
  fs::directory_iterator entry(prefix.empty() ? "." : prefix, fs::directory_options::skip_permission_denied,
                               error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!any_depth && ::fnmatch(patterns[0].c_str(), name.c_str(), 0) != 0) continue;
    std::error_code gone;
    if (is_last) {
      if (entry->is_regular_file(gone)) found.insert(prefix + name);
    } else if (!any_depth && entry->is_directory(gone)) {
      find_below(prefix + name, patterns.subspan(1), depth, found);
    }
    // Links could lead in circles.
    if (any_depth && depth < kDeepest && entry->is_directory(gone) && !entry->is_symlink(gone))
      find_below(prefix + name, patterns, depth + 1, found);
  }
}

}  // namespace

Status check_path_pattern(const std::string& pattern) {
  if (pattern.empty()) return {ErrorKind::bad_input, "expected a path or pattern"};
  if (pattern.find('{') != std::string::npos)
    return {ErrorKind::bad_input, fmt::format("write several patterns instead of braces, got '{}'", pattern)};
  for (const std::string& segment : segments_of(pattern))
    if (segment.find("**") != std::string::npos && segment != "**")
      return {ErrorKind::bad_input, fmt::format("** stands for itself between slashes, got '{}'", pattern)};
  return {};
}

bool path_matches(const std::string& pattern, const std::string& path) {
  return fit(segments_of(pattern), segments_of(path));
}

std::vector<std::string> find_files(const std::vector<std::string>& include,
                                    const std::vector<std::string>& exclude) {
  std::set<std::string> found;
  for (const std::string& pattern : include) find_below("", segments_of(pattern), 0, found);
  std::erase_if(found, [&](const std::string& path) {
    return std::any_of(exclude.begin(), exclude.end(),
                       [&](const std::string& pattern) { return path_matches(pattern, path); });
  });
  return {found.begin(), found.end()};
}

}  // namespace clew::pipeline
