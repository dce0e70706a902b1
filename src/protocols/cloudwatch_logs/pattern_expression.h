// PatternExpression: the small regular expressions between % signs, in AWS's dialect.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace clew::cloudwatch_logs {

class PatternExpression {
 public:
  // bad_input for what the dialect does not have: parentheses, look-around, most marks.
  static Result<std::shared_ptr<const PatternExpression>> compile(std::string_view text);
  explicit PatternExpression(std::unique_ptr<const re2::RE2> expression);
  ~PatternExpression();

  // Somewhere in `text`.
  bool matches(std::string_view text) const;
  // As RE2 writes it.
  const std::string& text() const;

 private:
  std::unique_ptr<const re2::RE2> expression_;
};

}  // namespace clew::cloudwatch_logs
