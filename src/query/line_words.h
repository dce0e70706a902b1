// A log line taken apart: words, and the marks and blanks between them. Words that look like a value have a
// placeholder in their stead.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace clew::query {

// Joined they are the line again, but for placeholders and that a run of blanks is one blank.
std::vector<std::string> line_words(std::string_view line, size_t most);

// "<number>", "<uuid>", …: what `word` is by its look; empty for a word that means itself.
std::string_view placeholder_of(std::string_view word);
bool is_placeholder(std::string_view word);
// Letters and digits; not a mark, a blank or a placeholder.
bool is_plain_word(std::string_view word);
// What a placeholder stands for, as a regular expression of RE2.
std::string_view expression_of(std::string_view placeholder);

inline constexpr std::string_view kAnything = "<*>";

}  // namespace clew::query
