#include "protocols/honeycomb/webhook_template_expression.h"

#include <charconv>

#include <fmt/format.h>

#include "base/ascii.h"

namespace clew::honeycomb {
namespace {

using Kind = TemplateExpression::Kind;

TemplateExpression literal(JsonValue value) {
  return {.kind = Kind::literal, .literal = std::move(value)};
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<TemplateExpression> parse() {
    CLEW_ASSIGN(TemplateExpression expression, pipeline(0));
    skip();
    if (at_ != text_.size()) return wrong("the end");
    return expression;
  }

 private:
  // What stands before a | becomes the last argument of the call behind it.
  Result<TemplateExpression> pipeline(size_t depth) {
    CLEW_ASSIGN(TemplateExpression value, command(depth));
    for (skip(); at('|'); skip()) {
      ++at_;
      CLEW_ASSIGN(TemplateExpression next, command(depth));
      if (next.kind != Kind::call) return wrong("a function");
      next.arguments.push_back(std::move(value));
      value = std::move(next);
    }
    return value;
  }

  Result<TemplateExpression> command(size_t depth) {
    skip();
    const size_t from = at_;
    const TemplateFunction* function = find_template_function(word());
    if (function == nullptr) {
      at_ = from;
      return operand(depth);
    }
    TemplateExpression call{.kind = Kind::call, .function = function};
    for (skip(); at_ < text_.size() && !at(')') && !at('|'); skip()) {
      CLEW_ASSIGN(TemplateExpression argument, operand(depth));
      call.arguments.push_back(std::move(argument));
    }
    return call;
  }

  Result<TemplateExpression> operand(size_t depth) {
    if (depth > kDeepestTemplate) return wrong("less nesting");
    skip();
    if (at_ >= text_.size()) return wrong("a value");
    const char c = text_[at_];
    if (c == '(') {
      ++at_;
      CLEW_ASSIGN(TemplateExpression inner, pipeline(depth + 1));
      skip();
      if (!at(')')) return wrong("a )");
      ++at_;
      return inner;
    }
    if (c == '.' || c == '$') return path();
    if (c == '"' || c == '`') return text(c);
    if (c == '-' || is_digit(c)) return number();
    const size_t from = at_;
    const std::string_view name = word();
    if (name == "true" || name == "false") return literal(name == "true");
    if (name == "nil") return literal({});
    at_ = from;
    return wrong("a variable such as .Name, a function or a value");
  }

  Result<TemplateExpression> path() {
    TemplateExpression found{.kind = Kind::path, .from_root = at('$')};
    if (found.from_root) ++at_;
    while (at('.')) {
      ++at_;
      const std::string_view name = word();
      if (name.empty()) {
        if (found.path.empty() && !found.from_root) return found;  // "." alone
        return wrong("a name");
      }
      found.path.emplace_back(name);
    }
    return found;
  }

  Result<TemplateExpression> text(char quote) {
    std::string value;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        value += text_[at_] == 'n' ? '\n' : text_[at_] == 't' ? '\t' : text_[at_];
      } else {
        value += text_[at_];
      }
    }
    if (at_ >= text_.size()) return wrong("a closing quote");
    ++at_;
    return literal(std::move(value));
  }

  Result<TemplateExpression> number() {
    double value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc()) return wrong("a number");
    at_ = static_cast<size_t>(end - text_.data());
    return literal(value);
  }

  bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  void skip() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  std::string_view word() {
    const size_t from = at_;
    while (at_ < text_.size() && (is_letter_or_digit(text_[at_]) || text_[at_] == '_')) ++at_;
    return text_.substr(from, at_ - from);
  }
  Status wrong(std::string_view wanted) const {
    return {ErrorKind::bad_input, fmt::format("expected {} at \"{}\"", wanted, text_.substr(at_, 20))};
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

Result<TemplateExpression> parse_template_expression(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace clew::honeycomb
