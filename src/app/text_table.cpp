#include "app/text_table.h"

#include <algorithm>

#include <fmt/format.h>

namespace clew::app {
namespace {

constexpr std::string_view kBetween = "  ";

}  // namespace

std::string without_control_characters(std::string_view text) {
  std::string harmless;
  harmless.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool next_is_c1 =
        byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (text[i] == '\n') {
      harmless += "\\n";
    } else if (text[i] == '\t') {
      harmless += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      harmless += fmt::format("\\x{:02x}", byte);
    } else if (next_is_c1) {  // U+0080 to U+009F: terminals obey these as well
      harmless += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++i]));
    } else {
      harmless += text[i];
    }
  }
  return harmless;
}

size_t columns_of(std::string_view text) {
  // Code points, which is right for everything but East Asian wide characters and combining marks.
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string text_table(const std::vector<TextColumn>& columns,
                       const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::string>> lines(1);
  for (const TextColumn& column : columns) lines[0].push_back(without_control_characters(column.name));
  for (const auto& row : rows) {
    auto& line = lines.emplace_back();
    for (const std::string& cell : row) line.push_back(without_control_characters(cell));
  }
  std::vector<size_t> widths(columns.size());
  for (const auto& line : lines) {
    for (size_t i = 0; i < line.size() && i < widths.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(line[i]));
  }
  std::string text;
  for (const auto& line : lines) {
    std::string one;
    for (size_t i = 0; i < line.size() && i < widths.size(); ++i) {
      const std::string padding(widths[i] - columns_of(line[i]), ' ');
      one += i == 0 ? "" : kBetween;
      one += columns[i].alignment == Alignment::right ? padding + line[i] : line[i] + padding;
    }
    one.erase(one.find_last_not_of(' ') + 1);
    text += one + "\n";
  }
  return text;
}

}  // namespace clew::app
