// A table for a terminal: a header, columns as wide as they need to be, numbers to the right.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clew::app {

enum class Alignment : uint8_t { left, right };

struct TextColumn {
  std::string name;
  Alignment alignment = Alignment::left;
};

// Cells are made harmless: whatever a sender put into its attributes cannot move the cursor or clear the
// screen.
std::string text_table(const std::vector<TextColumn>& columns,
                       const std::vector<std::vector<std::string>>& rows);

// `text` with control characters replaced by what people write for them: "\n", "\x1b".
std::string without_control_characters(std::string_view text);
// How many columns of a terminal the text takes.
size_t columns_of(std::string_view text);

}  // namespace clew::app
