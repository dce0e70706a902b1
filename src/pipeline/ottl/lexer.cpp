#include "pipeline/ottl/lexer.h"

#include <charconv>

#include <fmt/format.h>

#include "base/hex.h"

namespace clew::pipeline::ottl {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

class Lexer {
 public:
  explicit Lexer(std::string_view statement) : rest_(statement), whole_(statement) {}

  Result<std::vector<Token>> run() {
    std::vector<Token> tokens;
    for (;;) {
      while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\t' || rest_[0] == '\n' || rest_[0] == '\r'))
        rest_.remove_prefix(1);
      Token token{.column = column()};
      if (!rest_.empty()) CLEW_TRY(read(token));
      tokens.push_back(token);
      if (token.kind == Token::Kind::end) return tokens;
    }
  }

 private:
  size_t column() const { return whole_.size() - rest_.size() + 1; }

  std::string_view take(size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  Status read(Token& token) {
    if (rest_[0] == '"') return read_text(token);
    if (rest_.starts_with("0x")) return read_bytes(token);
    if (is_digit(rest_[0]) || (rest_[0] == '.' && rest_.size() > 1 && is_digit(rest_[1])))
      return read_number(token);
    size_t size = 0;
    if (is_letter(rest_[0])) {
      while (size < rest_.size() && (is_letter(rest_[size]) || is_digit(rest_[size]))) ++size;
      token.kind = Token::Kind::name;
      token.text = take(size);
      return {};
    }
    token.kind = Token::Kind::sign;
    for (const std::string_view sign : {"==", "!=", "<=", ">="})
      if (rest_.starts_with(sign)) size = 2;
    if (size == 0 && std::string_view("()[]{},.:+-*/<>=").find(rest_[0]) != std::string_view::npos) size = 1;
    if (size == 0) return mistake_at(column(), fmt::format("unexpected '{}'", rest_[0]));
    token.text = take(size);
    return {};
  }

  Status read_text(Token& token) {
    token.kind = Token::Kind::text;
    for (size_t i = 1; i < rest_.size(); ++i) {
      char c = rest_[i];
      if (c == '"') {
        take(i + 1);
        return {};
      }
      if (c == '\\' && i + 1 < rest_.size()) {
        c = rest_[++i];
        switch (c) {
          case 'n':
            c = '\n';
            break;
          case 't':
            c = '\t';
            break;
          case 'r':
            c = '\r';
            break;
          case '"':
          case '\\':
            break;
          default:
            token.text += '\\';  // regular expressions are written with one backslash by many
        }
      }
      token.text += c;
    }
    return mistake_at(token.column, "this text has no closing quote");
  }

  Status read_bytes(Token& token) {
    token.kind = Token::Kind::bytes;
    size_t i = 2;
    for (; i + 1 < rest_.size() && hex_digit(rest_[i]) >= 0 && hex_digit(rest_[i + 1]) >= 0; i += 2)
      token.text += static_cast<char>(hex_digit(rest_[i]) << 4 | hex_digit(rest_[i + 1]));
    if (token.text.empty() || (i < rest_.size() && hex_digit(rest_[i]) >= 0))
      return mistake_at(token.column, "expected an even number of hexadecimal digits after 0x");
    take(i);
    return {};
  }

  Status read_number(Token& token) {
    size_t size = 0;
    bool floating = false;
    while (size < rest_.size()) {
      const char c = rest_[size];
      const bool exponent = c == 'e' || c == 'E';
      if (!is_digit(c) && c != '.' && !exponent) break;
      floating = floating || !is_digit(c);
      ++size;
      if (exponent && size < rest_.size() && (rest_[size] == '-' || rest_[size] == '+')) ++size;
    }
    token.text = take(size);
    const char* const begin = token.text.data();
    const char* const end = begin + token.text.size();
    token.kind = floating ? Token::Kind::floating : Token::Kind::integer;
    const auto [parsed, fault] =
        floating ? std::from_chars(begin, end, token.floating) : std::from_chars(begin, end, token.integer);
    if (fault != std::errc() || parsed != end)
      return mistake_at(token.column, fmt::format("'{}' is no number that fits", token.text));
    return {};
  }

  std::string_view rest_;
  const std::string_view whole_;
};

}  // namespace

Status mistake_at(size_t column, std::string_view about) {
  return {ErrorKind::bad_input, fmt::format("column {}: {}", column, about)};
}

Result<std::vector<Token>> tokenize(std::string_view statement) {
  return Lexer(statement).run();
}

}  // namespace clew::pipeline::ottl
