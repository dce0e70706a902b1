#include "query/line_words.h"

#include <algorithm>
#include <array>

namespace clew::query {
namespace {

struct Look {
  std::string_view placeholder;
  std::string_view expression;
};
constexpr std::array kLooks = {
    Look{kAnything, ".*?"},
    Look{"<number>", "[-+]?[0-9][0-9.,]*"},
    Look{"<duration>", "[0-9][0-9.]*(?:ns|us|µs|ms|s|m|h|sec|min)"},
    Look{"<size>", "[0-9][0-9.]*(?:[KMGTkmgt]i?)?[Bb]"},
    Look{"<percent>", "[0-9][0-9.]*%"},
    Look{"<uuid>", "[0-9A-Fa-f-]{36}"},
    Look{"<hex>", "(?:0x)?[0-9A-Fa-f-]+"},
    Look{"<ip>", "[0-9.]{7,15}(?::[0-9]+)?"},
    Look{"<time>", "[0-9][0-9T:.,/+Z-]*[0-9Z]"},
    Look{"<id>", "[0-9A-Za-z_.:@-]+"},
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  // Bytes of other scripts are letters.
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<uint8_t>(c) >= 0x80;
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_word_byte(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}
// Marks that hold a word together when a word goes on behind them: 10.0.0.1, 12:30, a-b, user@host.
bool joins(char c) {
  return c == '.' || c == '-' || c == ':' || c == '@' || c == '+';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

template <typename Is>
bool all(std::string_view text, Is is) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is);
}

bool is_number(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return !text.empty() && is_digit(text.front()) &&
         all(text, [](char c) { return is_digit(c) || c == '.'; }) &&
         std::count(text.begin(), text.end(), '.') <= 1;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

bool is_address(std::string_view text) {
  if (const size_t colon = text.find(':'); colon != std::string_view::npos) {
    if (!all(text.substr(colon + 1), is_digit)) return false;
    text = text.substr(0, colon);
  }
  return all(text, [](char c) { return is_digit(c) || c == '.'; }) &&
         std::count(text.begin(), text.end(), '.') == 3;
}

// 2026-03-01, 12:30:00.123, 2026-03-01T12:30:00Z.
bool is_time(std::string_view text) {
  size_t digits = 0, marks = 0;
  for (const char c : text) {
    if (is_digit(c)) {
      ++digits;
    } else if (c == ':' || c == '-' || c == '.' || c == '+') {
      ++marks;
    } else if (c != 'T' && c != 'Z') {
      return false;
    }
  }
  return digits >= 4 && marks >= 2 && is_digit(text.front());
}

bool is_hexadecimal(std::string_view text) {
  if (text.starts_with("0x")) return text.size() > 2 && all(text.substr(2), is_hex);
  // 1-5759e988-bd862e3fe1be46a994272793 as well.
  const size_t digits = static_cast<size_t>(std::count_if(text.begin(), text.end(), is_digit));
  return text.size() >= 8 && digits >= 2 && all(text, [](char c) { return is_hex(c) || c == '-'; });
}

std::string_view unit_of(std::string_view text) {
  size_t end = 0;
  while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
  return end == 0 ? std::string_view() : text.substr(end);
}

// Words with a version or a protocol in them (v2, http2, s3, utf8) mean themselves.
bool is_identifier(std::string_view text) {
  const auto digits = std::count_if(text.begin(), text.end(), is_digit);
  return digits >= 2 || (digits == 1 && is_digit(text.front()) && text.size() > 2);
}

}  // namespace

std::string_view placeholder_of(std::string_view word) {
  if (std::none_of(word.begin(), word.end(), is_digit)) return {};
  if (is_number(word)) return "<number>";
  if (word.back() == '%' && is_number(word.substr(0, word.size() - 1))) return "<percent>";
  const std::string_view unit = unit_of(word);
  for (const std::string_view known : {"ns", "us", "µs", "ms", "s", "m", "h", "sec", "min"})
    if (unit == known) return "<duration>";
  for (const std::string_view known :
       {"B", "KB", "MB", "GB", "TB", "kB", "KiB", "MiB", "GiB", "kb", "mb", "gb"})
    if (unit == known) return "<size>";
  if (is_uuid(word)) return "<uuid>";
  if (is_address(word)) return "<ip>";
  if (is_time(word)) return "<time>";
  if (is_hexadecimal(word)) return "<hex>";
  return is_identifier(word) ? std::string_view("<id>") : std::string_view();
}

bool is_placeholder(std::string_view word) {
  return std::any_of(kLooks.begin(), kLooks.end(),
                     [&](const Look& look) { return look.placeholder == word; });
}

bool is_plain_word(std::string_view word) {
  return !word.empty() && is_word_byte(word.front());
}

std::string_view expression_of(std::string_view placeholder) {
  for (const Look& look : kLooks)
    if (look.placeholder == placeholder) return look.expression;
  return kLooks[0].expression;
}

std::vector<std::string> line_words(std::string_view line, size_t most) {
  std::vector<std::string> words;
  size_t at = 0;
  const auto word_end = [&](size_t from) {
    size_t end = from;
    while (end < line.size()) {
      if (is_word_byte(line[end])) {
        ++end;
      } else if (joins(line[end]) && end + 1 < line.size() && is_word_byte(line[end + 1])) {
        end += 2;
      } else {
        break;
      }
    }
    return end < line.size() && line[end] == '%' ? end + 1 : end;
  };
  while (at < line.size() && words.size() < most) {
    if (is_blank(line[at])) {
      while (at < line.size() && is_blank(line[at])) ++at;
      // Blanks around a line are of no account.
      if (!words.empty() && at < line.size()) words.emplace_back(" ");
    } else if (is_word_byte(line[at])) {
      const size_t end = word_end(at);
      const std::string_view word = line.substr(at, end - at);
      const std::string_view placeholder = placeholder_of(word);
      // "name:12" and "a-b-c7": what of it varies is told apart by the parts, unless the whole is a value.
      const size_t joint = word.find_first_of(":@");
      if ((placeholder.empty() || placeholder == "<id>") && joint != std::string_view::npos) {
        const std::string_view head = word.substr(0, joint);
        const std::string_view look = placeholder_of(head);
        words.emplace_back(look.empty() ? head : look);
        words.emplace_back(1, word[joint]);
        at += joint + 1;
        continue;
      }
      words.emplace_back(placeholder.empty() ? word : placeholder);
      at = end;
    } else {
      words.emplace_back(1, line[at++]);
    }
  }
  if (at < line.size()) words.emplace_back(kAnything);
  return words;
}

}  // namespace clew::query
