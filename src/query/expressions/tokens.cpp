#include "query/expressions/tokens.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/ascii.h"
#include "query/short_form_tokens.h"

namespace clew::query::expressions {
namespace {

bool is_space(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}
// Letters beyond ASCII are bytes above 127.
bool is_of_column(char c) {
  return is_letter(c) || is_digit(c) || (static_cast<unsigned char>(c) & 0x80) != 0 ||
         std::string_view("_./:=+?-").find(c) != std::string_view::npos;
}

void append_utf8(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 63));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 63));
    out += static_cast<char>(0x80 | (code & 63));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 63));
    out += static_cast<char>(0x80 | (code >> 6 & 63));
    out += static_cast<char>(0x80 | (code & 63));
  }
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    std::vector<Token> tokens;
    while (true) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      CLEW_ASSIGN(Token token, next(tokens));
      tokens.push_back(std::move(token));
      if (tokens.back().kind == Token::Kind::end) return tokens;
    }
  }

 private:
  Result<Token> next(const std::vector<Token>& before) {
    const size_t begin = at_;
    if (at_ == text_.size()) return Token{Token::Kind::end, "", begin};
    const char c = text_[at_];
    if (c == '"') return quoted(Token::Kind::text, begin);
    if (c == '`') return raw(Token::Kind::text, begin);
    if (c == '$') return column();
    if (is_letter(c)) {
      while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '_'))
        ++at_;
      return Token{Token::Kind::name, std::string(text_.substr(begin, at_ - begin)), begin};
    }
    const char after = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    const bool signs = c == '-' && !ends_operand(before) && (is_digit(after) || after == '.');
    if (is_digit(c) || (c == '.' && is_digit(after)) || signs) return number();
    for (const std::string_view symbol :
         {"!=", ">=", "<=", "(", ")", ",", "=", ">", "<", "+", "-", "*", "/", "%", "!"}) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      at_ += symbol.size();
      return Token{Token::Kind::symbol, std::string(symbol), begin};
    }
    return mistake(begin, "this character is not understood here");
  }

  // Then a minus is the operator.
  static bool ends_operand(const std::vector<Token>& before) {
    if (before.empty()) return false;
    const Token& last = before.back();
    if (last.kind == Token::Kind::name) return last.text != "AND" && last.text != "OR";
    return last.kind != Token::Kind::symbol || last.text == ")";
  }

  Result<Token> column() {
    const size_t begin = at_++;
    Token token{Token::Kind::column, "", begin};
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '`')) {
      CLEW_ASSIGN(token,
                  text_[at_] == '"' ? quoted(Token::Kind::column, begin) : raw(Token::Kind::column, begin));
    } else {
      while (at_ < text_.size() && is_of_column(text_[at_])) token.text += text_[at_++];
    }
    if (token.text.empty()) return mistake(begin, "expected the name of a column after $");
    return token;
  }

  Result<Token> number() {
    const size_t begin = at_++;
    const auto take_digits = [&] {
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    };
    take_digits();
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      take_digits();
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (at_ == text_.size() || !is_digit(text_[at_])) return mistake(begin, "this number has no exponent");
      take_digits();
    }
    if (at_ < text_.size() && (is_letter(text_[at_]) || text_[at_] == '_'))
      return mistake(begin, "this is neither a number nor a name; names of columns begin with $");
    return Token{Token::Kind::number, std::string(text_.substr(begin, at_ - begin)), begin};
  }

  Result<Token> raw(Token::Kind kind, size_t begin) {
    const size_t end = text_.find('`', at_ + 1);
    if (end == std::string_view::npos) return mistake(at_, "this quote is not closed");
    Token token{kind, std::string(text_.substr(at_ + 1, end - at_ - 1)), begin};
    at_ = end + 1;
    return token;
  }

  Result<Token> quoted(Token::Kind kind, size_t begin) {
    const size_t opened = at_++;
    Token token{kind, "", begin};
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\') {
        CLEW_TRY(escape(token.text));
      } else {
        token.text += text_[at_++];
      }
    }
    if (at_ == text_.size()) return mistake(opened, "this quote is not closed");
    ++at_;
    return token;
  }

  Status escape(std::string& out) {
    const size_t begin = at_++;
    if (at_ == text_.size()) return mistake(begin, "this quote is not closed");
    const char c = text_[at_++];
    constexpr std::string_view kLetters = "abfnrtv\\'\"", kMeanings = "\a\b\f\n\r\t\v\\'\"";
    if (const size_t place = kLetters.find(c); place != std::string_view::npos) {
      out += kMeanings[place];
      return {};
    }
    if (c == 'x' || c == 'u' || c == 'U') {
      CLEW_ASSIGN(const uint32_t code, digits(begin, c == 'x' ? 2 : c == 'u' ? 4 : 8, 16));
      if (c == 'x') {
        out += static_cast<char>(code);
      } else if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
        return mistake(begin, "there is no such character");
      } else {
        append_utf8(out, code);
      }
      return {};
    }
    if (c >= '0' && c <= '7') {
      --at_;
      CLEW_ASSIGN(const uint32_t code, digits(begin, 3, 8));
      if (code > 255) return mistake(begin, "three octal digits make at most \\377");
      out += static_cast<char>(code);
      return {};
    }
    return mistake(begin,
                   "after a backslash stands one of a b f n r t v \\ ' \" x u U or three octal digits; a "
                   "regular expression is easier to write in `backquotes`");
  }

  Result<uint32_t> digits(size_t begin, size_t count, uint32_t base) {
    uint32_t number = 0;
    for (size_t i = 0; i < count; ++i, ++at_) {
      const char c = at_ < text_.size() ? lower_case(text_[at_]) : ' ';
      const uint32_t digit = is_digit(c)            ? static_cast<uint32_t>(c - '0')
                             : c >= 'a' && c <= 'f' ? static_cast<uint32_t>(c - 'a' + 10)
                                                    : 99;
      if (digit >= base) return mistake(begin, fmt::format("this escape needs {} digits", count));
      number = number * base + digit;
    }
    return number;
  }

  Status mistake(size_t position, std::string_view message) const {
    return short_form_error(text_, position, message);
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

Result<std::vector<Token>> tokens_of(std::string_view text) {
  return Tokenizer(text).run();
}

}  // namespace clew::query::expressions
