#include "query/short_form_tokens.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace clew::query {
namespace {

constexpr size_t kLongest = 64 * 1024;

bool is_space(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}
bool ends_word(char c) {
  return is_space(c) || std::string_view("()`,\"'=!<>").find(c) != std::string_view::npos;
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    std::vector<Token> tokens;
    while (true) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      CLEW_ASSIGN(Token token, next());
      tokens.push_back(std::move(token));
      if (tokens.back().kind == Token::Kind::end) return tokens;
    }
  }

 private:
  Result<Token> next() {
    if (at_ == text_.size()) return Token{.text = {}, .position = at_};
    char c = text_[at_];
    if (c == '"' || c == '\'' || c == '`') return quoted(c);
    size_t begin = at_;
    for (std::string_view symbol : {"!=", ">=", "<=", "=~", "!~", "(", ")", ",", "=", ">", "<"}) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      at_ += symbol.size();
      return Token{Token::Kind::symbol, std::string(symbol), begin};
    }
    if (ends_word(c)) return short_form_error(text_, at_, fmt::format("'{}' is not understood", c));
    while (at_ < text_.size() && !ends_word(text_[at_])) ++at_;
    return Token{Token::Kind::word, std::string(text_.substr(begin, at_ - begin)), begin};
  }

  Result<Token> quoted(char quote) {
    Token token{quote == '`' ? Token::Kind::name : Token::Kind::text, "", at_};
    for (++at_; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (c == quote) {
        ++at_;
        return token;
      }
      if (c == '\\' && at_ + 1 < text_.size()) {
        c = text_[++at_];
        if (c == 'n') c = '\n';
      }
      token.text += c;
    }
    return short_form_error(text_, token.position, "this quote is not closed");
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

Result<std::vector<Token>> tokens_of(std::string_view text) {
  if (text.size() > kLongest)
    return Status(ErrorKind::bad_input,
                  fmt::format("the query is {} bytes long, at most {} are read", text.size(), kLongest));
  return Tokenizer(text).run();
}

Status short_form_error(std::string_view text, size_t position, std::string_view message) {
  size_t begin = position == 0 ? 0 : text.rfind('\n', position - 1) + 1;
  std::string_view line = text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
  return {ErrorKind::bad_input,
          fmt::format("{}\n  {}\n  {}^", message, line, std::string(position - begin, ' '))};
}

}  // namespace clew::query
