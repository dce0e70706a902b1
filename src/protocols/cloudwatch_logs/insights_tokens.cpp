#include "protocols/cloudwatch_logs/insights_tokens.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <re2/re2.h>

namespace clew::cloudwatch_logs::insights {
namespace {

bool begins_name(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '@' ||
         static_cast<uint8_t>(c) >= 0x80;
}
bool continues_name(char c) {
  return begins_name(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.';
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return small;
}

void Tokens::fail(std::string message, size_t begin, size_t end) {
  if (!mistake_) mistake_ = {std::move(message), begin, std::min(end, text_.size())};
  at_ = text_.size();
}

void Tokens::skip() {
  while (!at_end()) {
    if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
      ++at_;
    } else if (text_[at_] == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else {
      break;
    }
  }
}

bool Tokens::take(std::string_view mark) {
  skip();
  if (!text_.substr(at_).starts_with(mark)) return false;
  at_ += mark.size();
  return true;
}

void Tokens::expect(std::string_view mark) {
  if (!take(mark)) fail(fmt::format("expected '{}'", mark));
}

std::string_view Tokens::word_here() const {
  size_t end = at_;
  while (end < text_.size() &&
         (std::isalnum(static_cast<unsigned char>(text_[end])) != 0 || text_[end] == '_'))
    ++end;
  return text_.substr(at_, end - at_);
}

std::string_view Tokens::word() {
  const std::string_view here = word_here();
  at_ += here.size();
  return here;
}

bool Tokens::take_word(std::string_view word) {
  skip();
  const std::string_view here = word_here();
  if (lower_case(here) != word) return false;
  at_ += here.size();
  return true;
}

std::string Tokens::name() {
  skip();
  const size_t begin = at_;
  if (peek() == '`') {
    const size_t end = text_.find('`', at_ + 1);
    if (end == std::string_view::npos) {
      fail("a ` has no end");
      return {};
    }
    at_ = end + 1;
    return std::string(text_.substr(begin + 1, end - begin - 1));
  }
  if (at_end() || !begins_name(peek())) fail("expected a name");
  while (!at_end() && continues_name(text_[at_])) ++at_;
  // A member with odd characters: a.`b c`
  if (peek() == '`' && text_[at_ - 1] == '.') {
    const size_t end = text_.find('`', at_ + 1);
    if (end == std::string_view::npos) {
      fail("a ` has no end");
      return {};
    }
    const std::string whole =
        std::string(text_.substr(begin, at_ - begin)).append(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return whole;
  }
  // A member of a list: a[0].b
  while (peek() == '[') {
    const size_t end = text_.find(']', at_);
    if (end == std::string_view::npos) {
      fail("a [ has no end");
      return {};
    }
    at_ = end + 1;
    while (!at_end() && continues_name(text_[at_])) ++at_;
  }
  return std::string(text_.substr(begin, at_ - begin));
}

std::string Tokens::quoted() {
  const size_t begin = at_;
  const char quote = text_[at_++];
  std::string text;
  while (!at_end() && text_[at_] != quote) {
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
      const char next = text_[at_ + 1];
      if (next == quote || next == '\\') {
        text += next;
        at_ += 2;
        continue;
      }
      if (next == 'n' || next == 't') {
        text += next == 'n' ? '\n' : '\t';
        at_ += 2;
        continue;
      }
    }
    text += text_[at_++];
  }
  if (at_end()) {
    fail("a text has no end", begin, text_.size());
  } else {
    ++at_;
  }
  return text;
}

std::shared_ptr<const re2::RE2> Tokens::compile(const std::string& text, size_t begin) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(4 << 20);
  auto compiled = std::make_shared<re2::RE2>(text, options);
  if (compiled->ok()) return compiled;
  fail("no regular expression: " + compiled->error(), begin, at_);
  return nullptr;
}

std::shared_ptr<const re2::RE2> Tokens::regular_expression() {
  const size_t begin = at_++;
  std::string text;
  while (!at_end() && text_[at_] != '/') {
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
      if (text_[at_ + 1] != '/') text += '\\';
      ++at_;
    }
    text += text_[at_++];
  }
  if (at_end()) {
    fail("a regular expression has no end", begin, text_.size());
    return nullptr;
  }
  ++at_;
  // Named groups, as Java writes them.
  for (size_t group = 0; (group = text.find("(?<", group)) != std::string::npos; group += 3) {
    const bool looks_behind = group + 3 < text.size() && (text[group + 3] == '=' || text[group + 3] == '!');
    if (!looks_behind) text.insert(group + 2, "P");
  }
  return compile(text, begin);
}

void Tokens::go_back(size_t place) {
  if (!mistake_) at_ = place;
}

}  // namespace clew::cloudwatch_logs::insights
