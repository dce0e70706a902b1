#include "protocols/cloudwatch_logs/pattern_expression.h"

#include <cctype>

#include <fmt/format.h>
#include <re2/re2.h>

namespace clew::cloudwatch_logs {
namespace {

constexpr std::string_view kLiterals = ":_#=@/;,- ";
constexpr std::string_view kOperators = "^$?[]{}|*+.";

Status refuse(std::string_view text) {
  return {ErrorKind::bad_input, fmt::format("Invalid character(s) in term '%{}%'", text)};
}

}  // namespace

PatternExpression::PatternExpression(std::unique_ptr<const re2::RE2> expression)
    : expression_(std::move(expression)) {}
PatternExpression::~PatternExpression() = default;

Result<std::shared_ptr<const PatternExpression>> PatternExpression::compile(std::string_view text) {
  std::string expression;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      if (++i == text.size()) return refuse(text);
      const char escaped = text[i];
      const bool is_class = std::string_view("dDsSwWx").find(escaped) != std::string_view::npos;
      const bool is_mark = kOperators.find(escaped) != std::string_view::npos || escaped == '\\';
      if (!is_class && !is_mark) return refuse(text);
      expression.append("\\").push_back(escaped);
    } else if (std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               kLiterals.find(c) != std::string_view::npos || kOperators.find(c) != std::string_view::npos) {
      // {,n} is from none on; RE2 would take it for text.
      const bool from_none = c == '{' && i + 1 < text.size() && text[i + 1] == ',';
      expression += from_none ? "{0" : std::string(1, c);
    } else {
      return refuse(text);
    }
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  options.set_encoding(re2::RE2::Options::EncodingUTF8);
  auto compiled = std::make_unique<const re2::RE2>(expression, options);
  if (!compiled->ok()) return refuse(text);
  return std::make_shared<const PatternExpression>(std::move(compiled));
}

bool PatternExpression::matches(std::string_view text) const {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *expression_);
}

const std::string& PatternExpression::text() const {
  return expression_->pattern();
}

}  // namespace clew::cloudwatch_logs
