// Converters between ways to write the same thing, and of lists: Base64Decode, ConvertCase, UUID, Sort ….
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <random>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/hex.h"
#include "pipeline/ottl/functions.h"

namespace clew::pipeline::ottl {
namespace {

using Values = std::vector<Value>;

Result<Value> decoded(const std::string& text, const std::string& encoding) {
  std::optional<std::string> bytes;
  if (encoding == "base64")
    bytes = base64_decode(text);
  else if (encoding == "hex")
    bytes = bytes_of_hex(text);
  else
    bytes = text;
  if (bytes) return Value(std::move(*bytes));
  return Status(ErrorKind::bad_input, fmt::format("'{}' is not {}", text.substr(0, 100), encoding));
}

Getter build_decode(Arguments& arguments) {
  const std::string encoding = arguments.text(1);
  if (encoding != "base64" && encoding != "hex" && encoding != "utf-8")
    arguments.mistake(1, "expected base64, hex or utf-8");
  return calculated(arguments, 1, [encoding](const Values& values) -> Result<Value> {
    const auto* text = values[0].as<std::string>();
    if (text == nullptr) return wrong_kind("Decode", "a text", values[0]);
    return decoded(*text, encoding);
  });
}

Getter build_base64_decode(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    const auto* text = values[0].as<std::string>();
    if (text == nullptr) return wrong_kind("Base64Decode", "a text", values[0]);
    return decoded(*text, "base64");
  });
}

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}
char upper(char c) {
  return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
}

// "userName", "user name" and "user-name" are two words.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool ends = c == '_' || c == '-' || c == '.' || std::isspace(c) != 0;
    const bool begins =
        std::isupper(c) != 0 && i > 0 && std::isupper(static_cast<unsigned char>(text[i - 1])) == 0;
    if ((ends || begins) && !words.back().empty()) words.emplace_back();
    if (!ends) words.back() += text[i];
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::string with_case(const std::string& text, const std::string& wanted) {
  std::string all = text;
  if (wanted == "lower" || wanted == "upper") {
    std::transform(all.begin(), all.end(), all.begin(), wanted == "lower" ? lower : upper);
    return all;
  }
  all.clear();
  for (std::string word : words_of(text)) {
    std::transform(word.begin(), word.end(), word.begin(), lower);
    if (wanted == "snake" && !all.empty()) all += '_';
    if (wanted == "camel") word[0] = upper(word[0]);
    all += word;
  }
  return all;
}

Getter with_case_of(Arguments& arguments, std::string wanted) {
  return calculated(arguments, 1, [wanted = std::move(wanted)](const Values& values) -> Result<Value> {
    const auto* text = values[0].as<std::string>();
    if (text == nullptr) return wrong_kind("a change of case", "a text", values[0]);
    return Value(with_case(*text, wanted));
  });
}
Getter build_convert_case(Arguments& arguments) {
  std::string wanted = arguments.text(1);
  if (wanted != "lower" && wanted != "upper" && wanted != "snake" && wanted != "camel")
    arguments.mistake(1, "expected lower, upper, snake or camel");
  return with_case_of(arguments, std::move(wanted));
}
Getter build_to_snake(Arguments& arguments) {
  return with_case_of(arguments, "snake");
}
Getter build_to_camel(Arguments& arguments) {
  return with_case_of(arguments, "camel");
}

// Version 4.
Getter build_uuid(Arguments&) {
  return [](Subject&) -> Result<Value> {
    thread_local std::mt19937_64 random{std::random_device{}()};
    const uint64_t high = (random() & ~uint64_t{0xf000}) | 0x4000;
    const uint64_t low = (random() & ~(uint64_t{3} << 62)) | uint64_t{1} << 63;
    return Value(fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xffff,
                             high & 0xffff, low >> 48, low & 0xffffffffffff));
  };
}

Getter build_contains_value(Arguments& arguments) {
  return calculated(arguments, 2, [](const Values& values) -> Result<Value> {
    const auto* list = values[0].as<Value::List>();
    if (list == nullptr) return wrong_kind("ContainsValue", "a list", values[0]);
    return Value(std::any_of(list->begin(), list->end(),
                             [&](const Value& one) { return compare(one, Comparison::equal, values[1]); }));
  });
}

// Numbers by size when all are numbers, otherwise by their texts.
Getter build_sort(Arguments& arguments) {
  const std::string order = arguments.has(1) ? arguments.text(1) : "asc";
  if (order != "asc" && order != "desc") arguments.mistake(1, "expected asc or desc");
  return calculated(arguments, 1, [order](const Values& values) -> Result<Value> {
    const auto* given = values[0].as<Value::List>();
    if (given == nullptr) return wrong_kind("Sort", "a list", values[0]);
    Value::List list = *given;
    const bool all_numbers = std::all_of(list.begin(), list.end(), [](const Value& one) {
      const auto* floating = one.as<double>();
      return one.as<int64_t>() != nullptr || (floating != nullptr && *floating == *floating);
    });
    std::stable_sort(list.begin(), list.end(), [&](const Value& a, const Value& b) {
      const Value& first = order == "asc" ? a : b;
      const Value& second = order == "asc" ? b : a;
      if (all_numbers) return compare(first, Comparison::less, second);
      return text_of(first) < text_of(second);
    });
    return Value(std::move(list));
  });
}

Getter build_to_key_value(Arguments& arguments) {
  const std::string delimiter = arguments.has(1) ? arguments.text(1) : "=";
  const std::string pair_delimiter = arguments.has(2) ? arguments.text(2) : " ";
  return calculated(arguments, 1, [delimiter, pair_delimiter](const Values& values) -> Result<Value> {
    const auto* map = values[0].as<Value::Map>();
    if (map == nullptr) return wrong_kind("ToKeyValueString", "a map", values[0]);
    std::vector<std::string> pairs;
    for (const auto& entry : *map) pairs.push_back(entry.key + delimiter + text_of(entry.value));
    std::sort(pairs.begin(), pairs.end());
    return Value(fmt::format("{}", fmt::join(pairs, pair_delimiter)));
  });
}

Getter build_parse_int(Arguments& arguments) {
  const int64_t base = arguments.integer(1);
  if (base != 0 && (base < 2 || base > 36)) arguments.mistake(1, "expected 0 or 2 to 36");
  return calculated(arguments, 1, [base](const Values& values) -> Result<Value> {
    const auto* text = values[0].as<std::string>();
    if (text == nullptr) return wrong_kind("ParseInt", "a text", values[0]);
    char* end = nullptr;
    errno = 0;
    const long long number = std::strtoll(text->c_str(), &end, static_cast<int>(base));
    if (text->empty() || end != text->c_str() + text->size() || errno != 0)
      return Status(ErrorKind::bad_input,
                    fmt::format("'{}' is no integer to the base {}", text->substr(0, 100), base));
    return Value(static_cast<int64_t>(number));
  });
}

constexpr FunctionRow kRows[] = {
    {"Base64Decode", "target", build_base64_decode},
    {"Decode", "target, encoding", build_decode},
    {"ConvertCase", "target, case", build_convert_case},
    {"ToSnakeCase", "target", build_to_snake},
    {"ToCamelCase", "target", build_to_camel},
    {"UUID", "", build_uuid},
    {"ContainsValue", "target, item", build_contains_value},
    {"Sort", "target, order?", build_sort},
    {"ToKeyValueString", "target, delimiter?, pair_delimiter?", build_to_key_value},
    {"ParseInt", "target, base", build_parse_int},
};

}  // namespace

std::span<const FunctionRow> encoding_converters() {
  return kRows;
}

}  // namespace clew::pipeline::ottl
