#include "protocols/rollbar/scrubbing.h"

#include <algorithm>

namespace clew::rollbar {
namespace {

constexpr std::string_view kStars = "********";
constexpr int kDeepest = 128;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool passes_luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (size_t i = digits.size(); i-- > 0;) {
    int digit = digits[i] - '0';
    if (twice) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
    twice = !twice;
  }
  return sum % 10 == 0;
}

// Without what joins words, in lower case: "X-Api-Key" and "apiKey" are the same name.
std::string folded(std::string_view name) {
  std::string text;
  for (const char c : name.substr(0, 200))
    if (c != '-' && c != '_' && c != ' ' && c != '.')
      text += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

}  // namespace

void hide_card_numbers(std::string& text) {
  for (size_t begin = 0; begin < text.size();) {
    if (!is_digit(text[begin]) || (begin > 0 && (is_digit(text[begin - 1]) || text[begin - 1] == '.'))) {
      ++begin;
      continue;
    }
    std::string digits;
    size_t end = begin;
    size_t last = begin;
    while (end < text.size() && digits.size() < 20) {
      if (is_digit(text[end])) {
        digits += text[end];
        last = ++end;
      } else if ((text[end] == ' ' || text[end] == '-') && end + 1 < text.size() && is_digit(text[end + 1])) {
        ++end;
      } else {
        break;
      }
    }
    if (digits.size() >= 13 && digits.size() <= 19 && digits[0] != '0' && passes_luhn(digits)) {
      // Times in milliseconds have 13 digits and begin with 1; no card does.
      if (digits[0] != '1') text.replace(begin, last - begin, kStars);
    }
    begin = std::max(begin + 1, std::min(last, text.size()));
  }
}

bool Scrubber::is_secret_name(std::string_view name) const {
  const std::string text = folded(name);
  for (const std::string_view whole :
       {"pw", "auth", "pin", "cvv", "cvc", "ssn", "cookie", "setcookie", "dsn", "jwt"})
    if (text == whole) return true;
  for (const std::string_view part :
       {"password", "passwd", "passphrase", "secret", "token", "authorization", "authentication", "apikey",
        "privatekey", "creditcard", "cardnumber", "ccnumber", "credential", "sessionid", "accesskey"})
    if (text.find(part) != std::string::npos) return true;
  return std::any_of(more_names_.begin(), more_names_.end(),
                     [&](const std::string& more) { return text == folded(more); });
}

// …?token=abc&x=1
void Scrubber::scrub_queries(std::string& text) const {
  size_t at = text.find_first_of("?&");
  while (at != std::string::npos) {
    const size_t equals = text.find_first_of("=&? \n", at + 1);
    if (equals == std::string::npos) return;
    if (text[equals] == '=' && is_secret_name(std::string_view(text).substr(at + 1, equals - at - 1))) {
      const size_t end = std::min(text.find_first_of("&# \"'\n", equals + 1), text.size());
      text.replace(equals + 1, end - equals - 1, kStars);
    }
    at = text.find_first_of("?&", equals);
  }
}

std::string Scrubber::scrubbed_text(std::string text) const {
  hide_card_numbers(text);
  scrub_queries(text);
  return text;
}

void Scrubber::scrub(JsonValue& value, int depth) const {
  if (depth > kDeepest) {
    value = JsonValue();
    return;
  }
  if (const std::string* text = value.string()) {
    std::string clean = scrubbed_text(*text);
    if (clean != *text) value = JsonValue(std::move(clean));
  } else if (JsonValue::Array* array = value.array()) {
    for (JsonValue& one : *array) scrub(one, depth + 1);
  } else if (JsonValue::Object* object = value.object()) {
    for (auto& [name, member] : *object) {
      if (is_secret_name(name) && !member.is_null() && !member.boolean())
        member = JsonValue(kStars);
      else
        scrub(member, depth + 1);
    }
  }
}

}  // namespace clew::rollbar
