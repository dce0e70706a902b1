#include "protocols/cloudwatch_logs/insights_conversions.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "base/base64.h"
#include "net/url_encoding.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kMostParts = 10'000;

Value truth(bool value) {
  return value ? 1.0 : 0.0;
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<double> hex_in(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return is_negative ? -static_cast<double>(number) : static_cast<double>(number);
}

std::optional<double> number_of(const Value& value) {
  if (const std::optional<double> number = to_number(value)) return number;
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  const std::string_view inner = trimmed(*text);
  if (inner.starts_with("0x") || inner.starts_with("-0x")) return hex_in(inner);
  return to_number(std::string(inner));
}

template <typename Integer>
Value whole(const Value& value) {
  const std::optional<double> number = number_of(value);
  if (!number) return {};
  const double cut = std::trunc(*number);
  constexpr auto kLow = static_cast<double>(std::numeric_limits<Integer>::min());
  // The bound above the largest is exact in a double; the largest itself need not be.
  return cut >= kLow && cut < -kLow ? Value(cut) : Value();
}

int digit_in(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const int letter = std::tolower(static_cast<unsigned char>(c));
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// The elements of a list, or of a text that is one in JSON.
std::optional<JsonValue::Array> list_in(const Value& value) {
  if (const auto* json = std::get_if<JsonValue>(&value))
    return json->array() == nullptr ? std::nullopt : std::optional(*json->array());
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr || !trimmed(*text).starts_with('[')) return std::nullopt;
  const Result<JsonValue> parsed = parse_json(*text);
  return parsed.ok() && parsed->array() != nullptr ? std::optional(*parsed->array()) : std::nullopt;
}

struct Block {
  std::string_view subnet;
  uint8_t bits;
};
constexpr std::array kPrivate = {Block{"10.0.0.0", 8}, Block{"172.16.0.0", 12}, Block{"192.168.0.0", 16},
                                 Block{"fc00::", 7}};
constexpr std::array kSpecial = {
    Block{"0.0.0.0", 8},      Block{"100.64.0.0", 10}, Block{"127.0.0.0", 8},   Block{"169.254.0.0", 16},
    Block{"192.0.0.0", 24},   Block{"192.0.2.0", 24},  Block{"198.18.0.0", 15}, Block{"198.51.100.0", 24},
    Block{"203.0.113.0", 24}, Block{"224.0.0.0", 4},   Block{"240.0.0.0", 4},   Block{"::", 128},
    Block{"::1", 128},        Block{"2001:db8::", 32}, Block{"fe80::", 10},     Block{"ff00::", 8}};

template <typename Blocks>
bool is_within(const Value& address, const Blocks& blocks) {
  const Function* in_subnet = find_function("isipinsubnet");
  const Scope nothing{};
  return std::any_of(blocks.begin(), blocks.end(), [&](const Block& block) {
    const std::string subnet = fmt::format("{}/{}", block.subnet, block.bits);
    return is_true(in_subnet->call({address, subnet}, nothing));
  });
}
bool is_address(const Value& value) {
  return is_true(find_function("isvalidip")->call({value}, {}));
}

}  // namespace

Value as_number(const Arguments& arguments, const Scope&) {
  const std::optional<double> number = number_of(arguments[0]);
  return number ? Value(*number) : Value();
}
Value as_integer(const Arguments& arguments, const Scope&) {
  return whole<int32_t>(arguments[0]);
}
Value as_long(const Arguments& arguments, const Scope&) {
  return whole<int64_t>(arguments[0]);
}
Value rounded(const Arguments& arguments, const Scope&) {
  constexpr double kMostDigits = 15;
  const std::optional<double> number = to_number(arguments[0]);
  if (!number) return {};
  const double digits = arguments.size() > 1 ? to_number(arguments[1]).value_or(0) : 0;
  const double scale = std::pow(10, std::clamp(std::trunc(digits), -kMostDigits, kMostDigits));
  const double result = std::round(*number * scale) / scale;
  return std::isfinite(result) ? Value(result) : Value();
}

Value decimal_to_hex(const Arguments& arguments, const Scope&) {
  const std::optional<double> number = to_number(arguments[0]);
  if (!number || std::abs(*number) >= 0x1p63) return {};
  const auto integer = static_cast<int64_t>(*number);
  return fmt::format("{}0x{:x}", integer < 0 ? "-" : "", static_cast<uint64_t>(std::abs(integer)));
}
Value hex_to_decimal(const Arguments& arguments, const Scope&) {
  const std::string text = to_text(arguments[0]);
  const std::optional<double> number = hex_in(trimmed(text));
  return number ? Value(*number) : Value();
}
Value hex_to_text(const Arguments& arguments, const Scope&) {
  const std::string given = to_text(arguments[0]);
  std::string_view digits = trimmed(given);
  if (digits.starts_with("0x")) digits.remove_prefix(2);
  if (digits.empty() || digits.size() % 2 != 0) return {};
  std::string text;
  for (size_t i = 0; i < digits.size(); i += 2) {
    const int high = digit_in(digits[i]), low = digit_in(digits[i + 1]);
    if (high < 0 || low < 0) return {};
    // Beyond ASCII there is no such character.
    text += high < 8 ? static_cast<char>(high * 16 + low) : '?';
  }
  return text;
}

Value to_base64(const Arguments& arguments, const Scope&) {
  return is_missing(arguments[0]) ? Value() : Value(base64_encode(to_text(arguments[0])));
}
Value from_base64(const Arguments& arguments, const Scope&) {
  if (is_missing(arguments[0])) return {};
  const auto bytes = base64_decode(to_text(arguments[0]));
  return bytes ? Value(*bytes) : Value();
}

Value to_url(const Arguments& arguments, const Scope&) {
  return is_missing(arguments[0]) ? Value() : Value(net::percent_encode(to_text(arguments[0])));
}
Value from_url(const Arguments& arguments, const Scope&) {
  std::string text = to_text(arguments[0]);
  std::replace(text.begin(), text.end(), '+', ' ');
  const auto decoded = net::percent_decode(text);
  return decoded && !is_missing(arguments[0]) ? Value(*decoded) : Value();
}

Value split_text(const Arguments& arguments, const Scope&) {
  if (is_missing(arguments[0])) return {};
  const std::string text = to_text(arguments[0]), delimiter = to_text(arguments[1]);
  JsonValue::Array parts;
  for (size_t at = 0;;) {
    const size_t end = delimiter.empty() ? std::string::npos : text.find(delimiter, at);
    if (end == std::string::npos || parts.size() + 1 == kMostParts) {
      parts.push_back(JsonValue(text.substr(at)));
      return JsonValue(std::move(parts));
    }
    parts.push_back(JsonValue(text.substr(at, end - at)));
    at = end + delimiter.size();
  }
}
Value list_size(const Arguments& arguments, const Scope&) {
  const auto list = list_in(arguments[0]);
  return list ? Value(static_cast<double>(list->size())) : Value();
}
Value list_contains(const Arguments& arguments, const Scope&) {
  const auto list = list_in(arguments[0]);
  const std::string wanted = to_text(arguments[1]);
  return truth(list && std::any_of(list->begin(), list->end(), [&](const JsonValue& element) {
                 return to_text(value_of(element)) == wanted;
               }));
}

Value address_to_number(const Arguments& arguments, const Scope&) {
  in_addr address{};
  const std::string text = to_text(arguments[0]);
  if (inet_pton(AF_INET, text.c_str(), &address) != 1) return {};
  return static_cast<double>(ntohl(address.s_addr));
}
Value is_private_address(const Arguments& arguments, const Scope&) {
  return truth(is_within(arguments[0], kPrivate));
}
Value is_public_address(const Arguments& arguments, const Scope&) {
  return truth(is_address(arguments[0]) && !is_within(arguments[0], kPrivate) &&
               !is_within(arguments[0], kSpecial));
}
Value is_reserved_address(const Arguments& arguments, const Scope&) {
  return truth(is_within(arguments[0], kPrivate) || is_within(arguments[0], kSpecial));
}

}  // namespace clew::cloudwatch_logs::insights
