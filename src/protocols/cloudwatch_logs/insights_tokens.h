// Tokens: the words, names, texts and marks that a query of Logs Insights is made of, read one by one.
#pragma once

#include <charconv>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/cloudwatch_logs/insights_query.h"

namespace clew::cloudwatch_logs::insights {

// After the first mistake nothing is left to read.
class Tokens {
 public:
  // `text` must outlive this.
  explicit Tokens(std::string_view text) : text_(text) {}

  // The first one counts.
  void fail(std::string message, size_t begin, size_t end);
  void fail(std::string message) { fail(std::move(message), at_, at_ + 1); }
  const std::optional<Mistake>& mistake() const { return mistake_; }

  bool at_end() const { return at_ >= text_.size(); }
  size_t place() const { return at_; }
  size_t size() const { return text_.size(); }
  // Of what was read since a place.
  std::string_view since(size_t place) const { return text_.substr(place, at_ - place); }
  // Reads again from a place that was before; not after a mistake.
  void go_back(size_t place);

  char peek() const { return at_end() ? '\0' : text_[at_]; }
  char next() { return at_end() ? '\0' : text_[at_++]; }
  // Blanks, and comments.
  void skip();
  // Skips, and reads the mark when it is next.
  bool take(std::string_view mark);
  void expect(std::string_view mark);
  // Letters, digits and "_", right here; may be empty.
  std::string_view word();
  // Skips, and reads the word when it is next, in any case.
  bool take_word(std::string_view lower_case_word);
  // Of a field: "a.b", "@message", "a[0].b", or anything between backticks.
  std::string name();
  // Between quotes, which are next.
  std::string quoted();
  // Between slashes, which are next; nullptr after a mistake.
  std::shared_ptr<const re2::RE2> regular_expression();
  // nullptr after a mistake, which then begins at `begin`.
  std::shared_ptr<const re2::RE2> compile(const std::string& expression, size_t begin);
  // Right here; nothing, and no mistake, when there is none.
  template <typename Number>
  std::optional<Number> number() {
    Number value{};
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc()) return std::nullopt;
    at_ = static_cast<size_t>(end - text_.data());
    return value;
  }

 private:
  std::string_view word_here() const;

  std::string_view text_;
  size_t at_ = 0;
  std::optional<Mistake> mistake_;
};

std::string lower_case(std::string_view text);

}  // namespace clew::cloudwatch_logs::insights
