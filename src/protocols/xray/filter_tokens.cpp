#include "protocols/xray/filter_tokens.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/ascii.h"

namespace clew::xray {
namespace {

bool is_word_character(char c) {
  return is_letter_or_digit(c) || c == '_' || c == '.' || c == '-' || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

FilterTokens::FilterTokens(std::string_view text) : text_(text) {
  skip_blanks();
}

bool FilterTokens::take(char c) {
  if (peek() != c || at_end()) return false;
  ++at_;
  skip_blanks();
  return true;
}

Status FilterTokens::expect(char c) {
  if (take(c)) return {};
  return fault(fmt::format("{} is expected, found {}", c, shown()));
}

std::string_view FilterTokens::take_word() {
  const std::string_view word = word_here();
  at_ += word.size();
  skip_blanks();
  return word;
}

bool FilterTokens::take_word(std::string_view word) {
  if (!next_word_is(word)) return false;
  take_word();
  return true;
}

bool FilterTokens::next_word_is(std::string_view word) const {
  return equal_ignoring_case(word_here(), word);
}

std::optional<std::string_view> FilterTokens::take_until(char c) {
  const size_t end = text_.find(c, at_);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view before = text_.substr(at_, end - at_);
  at_ = end + 1;
  skip_blanks();
  return before;
}

Result<std::optional<FilterOperator>> FilterTokens::take_operator() {
  using enum FilterOperator;
  using Found = std::optional<FilterOperator>;
  const std::string_view rest = text_.substr(at_);
  if (rest.starts_with("==")) return fault("equality is written with one =");
  if (rest.starts_with("<>")) return fault("inequality is written !=");
  if (rest.starts_with("=")) return Found(take_sign(equal, 1));
  if (rest.starts_with("!=")) return Found(take_sign(not_equal, 2));
  if (rest.starts_with("<=")) return Found(take_sign(less_or_equal, 2));
  if (rest.starts_with("<")) return Found(take_sign(less, 1));
  if (rest.starts_with(">=")) return Found(take_sign(greater_or_equal, 2));
  if (rest.starts_with(">")) return Found(take_sign(greater, 1));
  if (take_word("contains")) return Found(contains);
  if (take_word("beginswith")) return Found(begins_with);
  if (take_word("endswith")) return Found(ends_with);
  return Found();
}

FilterOperator FilterTokens::take_sign(FilterOperator op, size_t length) {
  at_ += length;
  skip_blanks();
  return op;
}

Result<FilterValue> FilterTokens::take_value() {
  if (peek() == '"') {
    CLEW_ASSIGN(std::string text, take_quoted());
    return FilterValue(std::move(text));
  }
  const size_t begin = at_;
  size_t end = at_;
  if (end < text_.size() && text_[end] == '+') ++end;
  while (end < text_.size() && (is_word_character(text_[end]) || text_[end] == '/' || text_[end] == ':' ||
                                (text_[end] == '+' && end > begin && lower_case(text_[end - 1]) == 'e')))
    ++end;
  const std::string_view word = text_.substr(begin, end - begin);
  if (word.empty()) return fault(fmt::format("a value is expected, found {}", shown()));
  at_ = end;
  skip_blanks();
  const std::string lower = lower_case(word);
  if (lower == "true" || lower == "false") return FilterValue(lower == "true");
  if (is_digit(word[0]) || word[0] == '-' || word[0] == '.' || word[0] == '+') {
    double number = 0;
    const std::string_view digits = word[0] == '+' ? word.substr(1) : word;
    const auto [rest, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (problem == std::errc() && rest == digits.data() + digits.size() && std::isfinite(number))
      return FilterValue(number);
    return fault_at(begin, fmt::format("{} is not a number", word.substr(0, 60)));
  }
  if (lower == "and" || lower == "or")
    return fault_at(begin, fmt::format("a value is expected before {}", word));
  return FilterValue(std::string(word));
}

Result<std::string> FilterTokens::take_quoted() {
  const size_t begin = at_;
  if (peek() == '\'') return fault("texts stand in double quotes");
  if (peek() != '"') return fault(fmt::format("a text in double quotes is expected, found {}", shown()));
  std::string text;
  for (++at_; at_ < text_.size(); ++at_) {
    char c = text_[at_];
    if (c == '"') {
      ++at_;
      skip_blanks();
      return text;
    }
    if (c == '\\' && at_ + 1 < text_.size()) {
      c = text_[++at_];
      if (c == 'n') c = '\n';
      if (c == 't') c = '\t';
    }
    text += c;
  }
  return fault_at(begin, "this text does not end: its closing quote is missing");
}

Result<std::string_view> FilterTokens::take_json_array() {
  const size_t begin = at_;
  if (peek() != '[') return fault("a JSON array of root causes is expected after #");
  int open = 0;
  bool in_text = false;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (in_text) {
      if (c == '\\') {
        ++at_;
      } else if (c == '"') {
        in_text = false;
      }
    } else if (c == '"') {
      in_text = true;
    } else if (c == '[' || c == '{') {
      ++open;
    } else if ((c == ']' || c == '}') && --open == 0) {
      break;
    }
  }
  if (at_ >= text_.size()) return fault_at(begin, "this JSON array does not end");
  ++at_;
  const std::string_view array = text_.substr(begin, at_ - begin);
  skip_blanks();
  return array;
}

std::string FilterTokens::shown() const {
  if (at_end()) return "the end";
  const std::string_view word = word_here();
  return std::string(word.empty() ? text_.substr(at_, 1) : word.substr(0, 60));
}

Status FilterTokens::fault_at(size_t position, std::string_view message) const {
  // Bytes that continue a character are none.
  size_t column = 1;
  for (size_t i = 0; i < position && i < text_.size(); ++i)
    column += (static_cast<unsigned char>(text_[i]) & 0xc0) != 0x80;
  return {ErrorKind::bad_input, fmt::format("Invalid filter expression: column {}: {}", column, message)};
}

std::string_view FilterTokens::word_here() const {
  size_t end = at_;
  while (end < text_.size() && is_word_character(text_[end])) ++end;
  return text_.substr(at_, end - at_);
}

void FilterTokens::skip_blanks() {
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
}

}  // namespace clew::xray
