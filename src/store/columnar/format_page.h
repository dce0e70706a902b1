// For tests: the examples in docs/format, so that the pages cannot drift away from the code.
#pragma once

#include <cctype>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace clew::store {

// The text between ```<language> and ``` on the page, the first such block.
inline std::string example_on_page(const std::string& page, std::string_view language) {
  std::ifstream file(page);
  std::stringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  const std::string fence = "\n```" + std::string(language) + "\n";
  const size_t from = all.find(fence);
  if (from == std::string::npos) return "";
  const size_t begin = from + fence.size();
  return all.substr(begin, all.find("```\n", begin) - begin);
}

// Lines of pairs of hex digits; what follows a # is a remark.
inline std::string bytes_of_hex(std::string_view text) {
  std::string bytes;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    for (std::string pair; words >> pair;) bytes += static_cast<char>(std::stoi(pair, nullptr, 16));
  }
  return bytes;
}

}  // namespace clew::store
