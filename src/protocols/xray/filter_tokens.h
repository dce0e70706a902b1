// FilterTokens: the text of a filter expression, taken word by word, with the place of what is wrong.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "protocols/xray/filter_expression.h"

namespace clew::xray {

// Blanks behind what is taken are taken with it.
class FilterTokens {
 public:
  // The text must outlive this.
  explicit FilterTokens(std::string_view text);

  bool at_end() const { return at_ >= text_.size(); }
  size_t position() const { return at_; }
  char peek() const { return at_end() ? '\0' : text_[at_]; }

  bool take(char c);
  Status expect(char c);
  // Empty when there is none.
  std::string_view take_word();
  bool take_word(std::string_view lower_case);
  bool next_word_is(std::string_view lower_case) const;
  // Up to `c`, which is taken as well.
  std::optional<std::string_view> take_until(char c);

  // Nothing when there is no operator here.
  Result<std::optional<FilterOperator>> take_operator();
  // "text" | number | true | false | bare word
  Result<FilterValue> take_value();
  Result<std::string> take_quoted();
  // A JSON array, to the bracket that closes it.
  Result<std::string_view> take_json_array();

  // What stands here, for a message.
  std::string shown() const;
  Status fault(std::string_view message) const { return fault_at(at_, message); }
  Status fault_at(size_t position, std::string_view message) const;

 private:
  std::string_view word_here() const;
  void skip_blanks();
  FilterOperator take_sign(FilterOperator op, size_t length);

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace clew::xray
