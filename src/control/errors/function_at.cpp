#include "control/errors/function_at.h"

#include <algorithm>
#include <vector>

namespace clew::control::errors {
namespace {

constexpr size_t kMostSource = 4 << 20;
constexpr size_t kMostOpen = 2'000;
constexpr std::string_view kNameless = "<anonymous>";

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         c == '#' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool begins_block(std::string_view word) {
  return is_one_of(word, {"if", "for", "while", "switch", "catch", "with"});
}
bool begins_statement(std::string_view word) {
  return begins_block(word) || is_one_of(word, {"const", "let", "var", "function", "class", "return", "throw",
                                                "export", "import", "try", "do", "break", "continue"});
}

// What stands before decides whether a slash begins a regular expression.
bool may_precede_expression(std::string_view token) {
  if (token.empty()) return true;
  if (is_word(token.front()))
    return is_one_of(token, {"return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else",
                             "do", "await", "yield"});
  return token != ")" && token != "]" && token != "}";
}

class Scanner {
 public:
  Scanner(std::string_view source, size_t end) : text_(source), end_(end) {}

  std::string run() {
    while (at_ < end_ && open_.size() < kMostOpen) step();
    if (pending_.is_set && pending_.is_arrow) begin_expression();
    std::string name;
    for (const Open& one : open_) {
      if (one.kind == Kind::type) {
        name = one.name;
      } else if (one.kind == Kind::function || one.kind == Kind::expression) {
        const bool is_method = !name.empty() && holds_type(one);
        if (one.name.empty())
          name = name.empty() || name.ends_with(kNameless) ? std::string(kNameless)
                                                           : name + "." + std::string(kNameless);
        else
          name = is_method ? name + "." + std::string(one.name) : std::string(one.name);
        in_function_ = true;
      }
    }
    return in_function_ ? name : std::string();
  }

 private:
  enum class Kind : uint8_t { parenthesis, bracket, block, type, function, expression, text };
  struct Open {
    Kind kind = Kind::block;
    std::string_view name;
    std::string_view assigned;  // of a parenthesis: what its value goes to
  };
  // After a closed parenthesis, what a body would belong to.
  struct Pending {
    bool is_set = false;
    bool is_arrow = false;
    bool in_type = false;  // ": Promise<Order>" before the body
    size_t generics = 0;   // open angle brackets of that type
    std::string_view name, assigned;
  };

  // Whether the innermost named thing around `one` is a class.
  bool holds_type(const Open& one) const {
    const auto here = static_cast<size_t>(&one - open_.data());
    for (size_t i = here; i-- > 0;) {
      if (open_[i].kind == Kind::type) return true;
      if (open_[i].kind == Kind::function || open_[i].kind == Kind::expression) return false;
    }
    return false;
  }

  char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void step() {
    const char c = peek();
    if (c == '\n') {
      line_ended_ = true;
      ++at_;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      ++at_;
    } else if (c == '/' && peek(1) == '/') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '/' && peek(1) == '*') {
      const size_t end = text_.find("*/", at_ + 2);
      at_ = end == std::string_view::npos ? text_.size() : end + 2;
    } else if (c == '"' || c == '\'') {
      skip_quoted(c);
    } else if (c == '`') {
      ++at_;
      skip_template();
    } else if (c == '/' && may_precede_expression(last_)) {
      skip_expression();
    } else if (is_word(c)) {
      size_t end = at_;
      while (end < text_.size() && is_word(text_[end])) ++end;
      word(text_.substr(at_, end - at_));
      at_ = end;
    } else {
      const size_t size = c == '=' && (peek(1) == '>' || peek(1) == '=') ? 2 : 1;
      sign(text_.substr(at_, size));
      at_ += size;
    }
  }

  void token(std::string_view one) {
    before_last_ = last_;
    last_ = one;
    line_ended_ = false;
  }

  void skip_quoted(char quote) {
    const size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_ + 1, text_.size());
    token(text_.substr(begin, 1));
    last_ = "]";  // a value, as far as what follows is concerned
  }

  // Up to the end, or into `${`.
  void skip_template() {
    while (at_ < text_.size() && text_[at_] != '`') {
      if (text_[at_] == '$' && peek(1) == '{') {
        at_ += 2;
        open_.push_back({.kind = Kind::text, .name = {}, .assigned = {}});
        token("{");
        return;
      }
      at_ += text_[at_] == '\\' ? 2 : 1;
    }
    at_ = std::min(at_ + 1, text_.size());
    token("]");
  }

  void skip_expression() {
    bool in_class = false;
    ++at_;
    while (at_ < text_.size() && text_[at_] != '\n' && (in_class || text_[at_] != '/')) {
      if (text_[at_] == '[') in_class = true;
      if (text_[at_] == ']') in_class = false;
      at_ += text_[at_] == '\\' ? 2 : 1;
    }
    at_ = std::min(at_ + 1, text_.size());
    token("]");
  }

  void end_expressions() {
    while (!open_.empty() && open_.back().kind == Kind::expression) open_.pop_back();
  }

  void word(std::string_view one) {
    const bool follows_value =
        !last_.empty() && (is_word(last_.back()) || last_ == ")" || last_ == "]" || last_ == "}");
    if (begins_statement(one) || (line_ended_ && follows_value)) {
      end_expressions();
      pending_ = {};
    }
    if (pending_.is_set && pending_.is_arrow) begin_expression();
    if (pending_.is_set && !pending_.in_type) pending_ = {};
    if (last_ == "class") {
      type_ = one;
      is_type_ = true;
    }
    token(one);
  }

  // The body of an arrow function without braces.
  void begin_expression() {
    open_.push_back({.kind = Kind::expression, .name = pending_.assigned, .assigned = {}});
    pending_ = {};
  }

  void sign(std::string_view one) {
    if (one == "{") return open_brace();
    if (pending_.is_set && pending_.is_arrow) begin_expression();
    if (one == "=>") return arrow();
    if (pending_.is_set && !pending_.in_type) {
      if (one == ":")
        pending_.in_type = true;
      else
        pending_ = {};
    } else if (is_one_of(one, {";", ",", ")", "}", "="}) && (one != "," || pending_.generics == 0)) {
      pending_ = {};
    }
    if (one == "<") ++pending_.generics;
    if (one == ">" && pending_.generics > 0) --pending_.generics;
    if (one == "<") {
      generic_ = last_;
    } else if (one == "(") {
      open_parenthesis();
    } else if (one == "[") {
      open_.push_back({.kind = Kind::bracket, .name = {}, .assigned = {}});
    } else if (one == ")" || one == "]" || one == "}") {
      close();
    } else if (one == "," || one == ";") {
      end_expressions();
      assigned_ = {};
    } else if ((one == "=" || one == ":") && !last_.empty() && is_word(last_.front())) {
      assigned_ = last_;
    }
    // A template goes on behind what was put into it.
    if (one == "}" && closed_text_) {
      closed_text_ = false;
      ++at_;
      skip_template();
      --at_;
      return;
    }
    token(one);
  }

  void open_parenthesis() {
    Open open{.kind = Kind::parenthesis, .name = {}, .assigned = {}};
    std::string_view head = last_ == "*" ? before_last_ : last_;
    if (last_ == ">") head = generic_;
    if (!head.empty() && is_word(head.front()) && head != "async") open.name = head;
    const bool takes_value = last_ == "=" || last_ == ":" || head == "function" || head == "async";
    if (takes_value) open.assigned = assigned_;
    assigned_ = {};
    open_.push_back(open);
  }

  void arrow() {
    if (!pending_.is_set) {
      // x => …
      pending_ = {};
      pending_.assigned = before_last_ == "=" || before_last_ == ":" || before_last_ == "async"
                              ? assigned_
                              : std::string_view();
    }
    pending_.is_set = true;
    pending_.is_arrow = true;
    assigned_ = {};
    token("=>");
  }

  void open_brace() {
    Open open{.kind = Kind::block, .name = {}, .assigned = {}};
    if (pending_.is_set && (pending_.is_arrow || !begins_block(pending_.name))) {
      open.kind = Kind::function;
      const bool is_nameless = pending_.is_arrow || pending_.name == "function" || pending_.name.empty();
      open.name = is_nameless ? pending_.assigned : pending_.name;
    } else if (is_type_) {
      open.kind = Kind::type;
      open.name = type_ == "extends" ? std::string_view() : type_;
    }
    is_type_ = false;
    pending_ = {};
    assigned_ = {};
    open_.push_back(open);
    token("{");
  }

  void close() {
    end_expressions();
    if (open_.empty()) return;
    const Open closed = open_.back();
    open_.pop_back();
    closed_text_ = closed.kind == Kind::text;
    if (closed.kind != Kind::parenthesis) return;
    pending_.is_set = true;
    pending_.is_arrow = pending_.in_type = false;
    pending_.generics = 0;
    pending_.name = closed.name;
    pending_.assigned = closed.assigned;
  }

  const std::string_view text_;
  const size_t end_;
  size_t at_ = 0;
  std::vector<Open> open_;
  Pending pending_;
  std::string_view last_, before_last_;  // tokens
  std::string_view generic_;             // of pay<T>(…)
  std::string_view assigned_;            // "pay" in `pay = …` and `pay: …`
  std::string_view type_;                // of `class Cart … {`
  bool is_type_ = false;
  bool line_ended_ = false;
  bool closed_text_ = false;
  bool in_function_ = false;
};

}  // namespace

std::string function_at(std::string_view source, int64_t line, int64_t column) {
  source = source.substr(0, kMostSource);
  size_t at = 0;
  for (int64_t i = 1; i < line; ++i) {
    const size_t end = source.find('\n', at);
    if (end == std::string_view::npos) return {};
    at = end + 1;
  }
  if (line < 1 || column < 1 || at >= source.size()) return {};
  const size_t in_line = std::min(source.find('\n', at), source.size()) - at;
  // Including the token at the place itself: that which opens the body belongs to it.
  return Scanner(source, at + std::min(in_line, static_cast<size_t>(column - 1))).run();
}

}  // namespace clew::control::errors
