// Converters of texts: taking apart, putting together, matching.
#include <algorithm>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/ascii.h"
#include "base/json_value.h"
#include "pipeline/otlp/digest.h"
#include "pipeline/otlp/fnv_hash.h"
#include "pipeline/ottl/functions.h"

namespace clew::pipeline::ottl {
namespace {

using Values = std::vector<Value>;

// A converter of one text; nil stays nil.
template <typename Calculate>
Getter of_text(Arguments& arguments, const char* name, Calculate calculate) {
  return calculated(arguments, 1, [name, calculate](const Values& values) -> Result<Value> {
    if (values[0].is_nil()) return Value();
    const auto* text = values[0].as<std::string>();
    if (text == nullptr) return wrong_kind(name, "a text", values[0]);
    return calculate(*text);
  });
}

template <typename Test>
Getter of_two_texts(Arguments& arguments, const char* name, Test test) {
  return calculated(arguments, 2, [name, test](const Values& values) -> Result<Value> {
    const auto *a = values[0].as<std::string>(), *b = values[1].as<std::string>();
    if (a == nullptr || b == nullptr) return wrong_kind(name, "texts", a == nullptr ? values[0] : values[1]);
    return test(*a, *b);
  });
}

Getter build_is_match(Arguments& arguments) {
  return [value = arguments.value(0), pattern = arguments.pattern(1)](Subject& subject) -> Result<Value> {
    CLEW_ASSIGN(const Value given, value(subject));
    if (given.is_nil()) return Value(false);
    if (const auto* text = given.as<std::string>()) return Value(RE2::PartialMatch(*text, *pattern));
    return Value(RE2::PartialMatch(text_of(given), *pattern));
  };
}

Getter build_extract_patterns(Arguments& arguments) {
  const auto pattern = arguments.pattern(1);
  if (pattern->ok() && pattern->NamedCapturingGroups().empty())
    arguments.mistake(1, "expected named groups, as in \"^(?P<host>[^:]+)\"");
  return [value = arguments.value(0), pattern](Subject& subject) -> Result<Value> {
    CLEW_ASSIGN(const Value given, value(subject));
    const auto* text = given.as<std::string>();
    if (text == nullptr) return wrong_kind("ExtractPatterns", "a text", given);
    std::vector<re2::StringPiece> groups(static_cast<size_t>(pattern->NumberOfCapturingGroups()) + 1);
    Value::Map map;
    if (pattern->Match(*text, 0, text->size(), RE2::UNANCHORED, groups.data(),
                       static_cast<int>(groups.size())))
      for (const auto& [number, name] : pattern->CapturingGroupNames())
        at(map, name) = std::string(groups[static_cast<size_t>(number)]);
    return Value(std::move(map));
  };
}

Getter build_parse_json(Arguments& arguments) {
  return of_text(arguments, "ParseJSON", [](const std::string& text) -> Result<Value> {
    auto json = parse_json(text, 30);  // what an attribute may hold
    if (!json.ok()) return std::move(json).status().within("ParseJSON");
    return value_of_json(*json);
  });
}

// Texts between separators, those in quotes kept whole.
std::vector<std::string> pieces(std::string_view text, std::string_view separator) {
  std::vector<std::string> found(1);
  char quote = 0;
  for (size_t i = 0; i < text.size();) {
    if (quote == 0 && text.substr(i).starts_with(separator)) {
      found.emplace_back();
      i += separator.size();
      continue;
    }
    const char c = text[i++];
    if (quote == 0 && (c == '"' || c == '\''))
      quote = c;
    else if (c == quote)
      quote = 0;
    else
      found.back() += c;
  }
  return found;
}

Getter build_parse_key_value(Arguments& arguments) {
  const std::string delimiter = arguments.has(1) ? arguments.text(1) : "=";
  const std::string pair_delimiter = arguments.has(2) ? arguments.text(2) : " ";
  if (delimiter.empty() || pair_delimiter.empty() || delimiter == pair_delimiter)
    arguments.mistake(arguments.has(1) ? 1 : 2, "expected two delimiters that differ");
  return of_text(arguments, "ParseKeyValue", [=](const std::string& text) -> Result<Value> {
    Value::Map map;
    for (const std::string& pair : pieces(text, pair_delimiter)) {
      if (pair.find_first_not_of(" \t\n") == std::string::npos) continue;
      const size_t split = pair.find(delimiter);
      if (split == std::string::npos)
        return Status(ErrorKind::bad_input,
                      fmt::format("ParseKeyValue found no '{}' in '{}'", delimiter, pair.substr(0, 100)));
      const auto part = [&](size_t from, size_t bytes) {
        return std::string(trimmed(std::string_view(pair).substr(from, bytes), " \t\n"));
      };
      at(map, part(0, split)) = part(split + delimiter.size(), std::string::npos);
    }
    return Value(std::move(map));
  });
}

Getter build_concat(Arguments& arguments) {
  return calculated(arguments, 2, [](const Values& values) -> Result<Value> {
    const auto* list = values[0].as<Value::List>();
    const auto* delimiter = values[1].as<std::string>();
    if (list == nullptr) return wrong_kind("Concat", "a list", values[0]);
    if (delimiter == nullptr) return wrong_kind("Concat", "a text as its delimiter", values[1]);
    std::string text;
    for (size_t i = 0; i < list->size(); ++i) {
      const Value& item = (*list)[i];
      text += fmt::format("{}{}", i > 0 ? *delimiter : "", item.is_nil() ? "<nil>" : text_of(item));
    }
    return Value(std::move(text));
  });
}

Getter build_split(Arguments& arguments) {
  return of_two_texts(arguments, "Split", [](const std::string& text, const std::string& by) {
    Value::List list;
    size_t begin = 0;
    for (size_t end; !by.empty() && (end = text.find(by, begin)) != std::string::npos;
         begin = end + by.size())
      list.emplace_back(text.substr(begin, end - begin));
    list.emplace_back(text.substr(begin));
    return Result<Value>(Value(std::move(list)));
  });
}

Getter build_substring(Arguments& arguments) {
  return calculated(arguments, 3, [](const Values& values) -> Result<Value> {
    const auto* text = values[0].as<std::string>();
    const auto *start = values[1].as<int64_t>(), *length = values[2].as<int64_t>();
    if (text == nullptr) return wrong_kind("Substring", "a text", values[0]);
    if (start == nullptr || length == nullptr)
      return wrong_kind("Substring", "integers", start == nullptr ? values[1] : values[2]);
    const auto size = static_cast<int64_t>(text->size());
    if (*start < 0 || *length <= 0 || *start > size || *length > size - *start)
      return Status(ErrorKind::bad_input,
                    fmt::format("Substring({}, {}) is not within a text of {} bytes", *start, *length, size));
    return Value(text->substr(static_cast<size_t>(*start), static_cast<size_t>(*length)));
  });
}

Result<Value> mapped(std::string text, int (*change)(int)) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 128) c = static_cast<char>(change(c));
  return Value(std::move(text));
}

Getter build_to_lower(Arguments& arguments) {
  return of_text(arguments, "ToLowerCase", [](const std::string& text) {
    return mapped(text, [](int c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; });
  });
}
Getter build_to_upper(Arguments& arguments) {
  return of_text(arguments, "ToUpperCase", [](const std::string& text) {
    return mapped(text, [](int c) { return c >= 'a' && c <= 'z' ? c & ~0x20 : c; });
  });
}

Getter build_trim(Arguments& arguments) {
  const std::string what = arguments.has(1) ? arguments.text(1) : " ";
  return of_text(arguments, "Trim", [what](std::string text) -> Result<Value> {
    text.erase(0, std::min(text.size(), text.find_first_not_of(what)));
    text.erase(text.find_last_not_of(what) + 1);
    return Value(std::move(text));
  });
}
Getter build_trim_prefix(Arguments& arguments) {
  return of_two_texts(arguments, "TrimPrefix", [](const std::string& text, const std::string& prefix) {
    return Result<Value>(Value(text.starts_with(prefix) ? text.substr(prefix.size()) : text));
  });
}
Getter build_trim_suffix(Arguments& arguments) {
  return of_two_texts(arguments, "TrimSuffix", [](const std::string& text, const std::string& suffix) {
    return Result<Value>(Value(text.ends_with(suffix) ? text.substr(0, text.size() - suffix.size()) : text));
  });
}
Getter build_has_prefix(Arguments& arguments) {
  return of_two_texts(arguments, "HasPrefix", [](const std::string& text, const std::string& prefix) {
    return Result<Value>(Value(text.starts_with(prefix)));
  });
}
Getter build_has_suffix(Arguments& arguments) {
  return of_two_texts(arguments, "HasSuffix", [](const std::string& text, const std::string& suffix) {
    return Result<Value>(Value(text.ends_with(suffix)));
  });
}

template <DigestKind kind>
Getter build_digest(Arguments& arguments) {
  return of_text(arguments, "a digest",
                 [](const std::string& text) -> Result<Value> { return Value(hex_digest(kind, text)); });
}

Getter build_fnv(Arguments& arguments) {
  return of_text(arguments, "FNV", [](const std::string& text) -> Result<Value> {
    return Value(static_cast<int64_t>(fnv1a_64(text)));
  });
}

constexpr FunctionRow kRows[] = {
    {"IsMatch", "target, pattern", build_is_match},
    {"HasPrefix", "value, prefix", build_has_prefix},
    {"HasSuffix", "value, suffix", build_has_suffix},
    {"ExtractPatterns", "target, pattern", build_extract_patterns},
    {"ParseJSON", "target", build_parse_json},
    {"ParseKeyValue", "target, delimiter?, pair_delimiter?", build_parse_key_value},
    {"Concat", "values, delimiter", build_concat},
    {"Split", "target, delimiter", build_split},
    {"Substring", "target, start, length", build_substring},
    {"ToLowerCase", "target", build_to_lower},
    {"ToUpperCase", "target", build_to_upper},
    {"Trim", "target, replacement?", build_trim},
    {"TrimPrefix", "value, prefix", build_trim_prefix},
    {"TrimSuffix", "value, suffix", build_trim_suffix},
    {"MD5", "target", build_digest<DigestKind::md5>},
    {"SHA1", "target", build_digest<DigestKind::sha1>},
    {"SHA256", "target", build_digest<DigestKind::sha256>},
    {"SHA512", "target", build_digest<DigestKind::sha512>},
    {"FNV", "target", build_fnv},
};

}  // namespace

std::span<const FunctionRow> text_converters() {
  return kRows;
}

}  // namespace clew::pipeline::ottl
