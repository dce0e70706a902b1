// Converters that take texts of a known form apart: ParseCSV, URL, IsInCIDR …, and SliceToMap.
#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "pipeline/ottl/functions.h"

namespace clew::pipeline::ottl {
namespace {

using Values = std::vector<Value>;

Status malformed(std::string_view function, std::string_view about) {
  return {ErrorKind::bad_input, fmt::format("{}: {}", function, about)};
}

enum class Quotes : uint8_t { strict, lazy, ignored };

// The fields of one row. Within quotes two quotes stand for one; with Quotes::lazy a quote may also stand
// anywhere in a field without.
Result<std::vector<std::string>> csv_fields(std::string_view row, char delimiter, Quotes quotes) {
  while (row.ends_with('\n') || row.ends_with('\r')) row.remove_suffix(1);
  std::vector<std::string> fields(1);
  bool quoted = false, closed = false;
  for (size_t i = 0; i < row.size(); ++i) {
    const char c = row[i];
    std::string& field = fields.back();
    if (quoted) {
      if (c != '"') {
        field += c;
      } else if (i + 1 < row.size() && row[i + 1] == '"') {
        field += row[++i];
      } else if (quotes == Quotes::lazy && i + 1 < row.size() && row[i + 1] != delimiter) {
        field += c;
      } else {
        quoted = false;
        closed = true;
      }
    } else if (c == delimiter) {
      fields.emplace_back();
      closed = false;
    } else if (closed) {
      return malformed("ParseCSV", "a quoted field goes on behind its quotes");
    } else if (c == '\n') {
      return malformed("ParseCSV", "expected one row");
    } else if (c == '"' && quotes != Quotes::ignored && field.empty()) {
      quoted = true;
    } else if (c == '"' && quotes == Quotes::strict) {
      return malformed("ParseCSV", "a quote within a field without quotes");
    } else {
      field += c;
    }
  }
  if (quoted) return malformed("ParseCSV", "a quote is not closed");
  return fields;
}

Getter build_parse_csv(Arguments& arguments) {
  const auto single = [&](size_t parameter, char otherwise) {
    const std::string text = arguments.has(parameter) ? arguments.text(parameter) : std::string(1, otherwise);
    if (text.size() != 1) arguments.mistake(parameter, "expected one character");
    return text.empty() ? otherwise : text[0];
  };
  const char delimiter = single(2, ',');
  const char header_delimiter = single(3, delimiter);
  const std::string mode = arguments.has(4) ? arguments.text(4) : "strict";
  if (mode != "strict" && mode != "lazyQuotes" && mode != "ignoreQuotes")
    arguments.mistake(4, "expected strict, lazyQuotes or ignoreQuotes");
  const Quotes quotes = mode == "strict"       ? Quotes::strict
                        : mode == "lazyQuotes" ? Quotes::lazy
                                               : Quotes::ignored;
  return calculated(arguments, 2, [=](const Values& values) -> Result<Value> {
    const auto *row = values[0].as<std::string>(), *header = values[1].as<std::string>();
    if (row == nullptr || header == nullptr)
      return wrong_kind("ParseCSV", "texts", row == nullptr ? values[0] : values[1]);
    CLEW_ASSIGN(const std::vector<std::string> names, csv_fields(*header, header_delimiter, Quotes::ignored));
    CLEW_ASSIGN(std::vector<std::string> fields, csv_fields(*row, delimiter, quotes));
    if (fields.size() != names.size())
      return malformed("ParseCSV", fmt::format("expected {} fields, got {}", names.size(), fields.size()));
    Value::Map map;
    for (size_t i = 0; i < names.size(); ++i) at(map, names[i]) = std::move(fields[i]);
    return Value(std::move(map));
  });
}

// What stands before `end`, which goes too; the whole when it is not there.
std::string_view taken_until(std::string_view& rest, std::string_view end) {
  const size_t found = rest.find(end);
  const std::string_view part = rest.substr(0, found);
  rest.remove_prefix(found == std::string_view::npos ? rest.size() : found + end.size());
  return part;
}

// The names are those of the semantic conventions; what a URL does not have is left out.
Result<Value> parts_of_url(const std::string& text) {
  Value::Map map;
  const auto add = [&](const char* name, std::string_view part) {
    if (!part.empty()) at(map, name) = std::string(part);
  };
  add("url.original", text);
  std::string_view rest = text;
  std::string_view before = taken_until(rest, "#");
  add("url.fragment", rest);
  rest = before;
  before = taken_until(rest, "?");
  add("url.query", rest);
  rest = before;
  const size_t scheme = rest.find("://");
  if (scheme != std::string_view::npos) {
    add("url.scheme", rest.substr(0, scheme));
    rest.remove_prefix(scheme + 3);
    const size_t slash = std::min(rest.find('/'), rest.size());
    std::string_view authority = rest.substr(0, slash);
    rest.remove_prefix(slash);
    if (const size_t at_sign = authority.rfind('@'); at_sign != std::string_view::npos) {
      std::string_view user = authority.substr(0, at_sign);
      authority.remove_prefix(at_sign + 1);
      add("url.username", taken_until(user, ":"));
      add("url.password", user);
    }
    const size_t colon = authority.rfind(':');
    if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
      const std::string_view digits = authority.substr(colon + 1);
      uint16_t port = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
      if (error != std::errc() || end != digits.data() + digits.size())
        return malformed("URL", fmt::format("'{}' is no port", digits.substr(0, 20)));
      at(map, "url.port") = int64_t{port};
      authority = authority.substr(0, colon);
    }
    add("url.domain", authority);
  }
  add("url.path", rest);
  const size_t dot = rest.rfind('.');
  if (dot != std::string_view::npos && rest.find('/', dot) == std::string_view::npos)
    add("url.extension", rest.substr(dot + 1));
  return Value(std::move(map));
}

Getter build_url(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    const auto* text = values[0].as<std::string>();
    if (text == nullptr) return wrong_kind("URL", "a text", values[0]);
    return parts_of_url(*text);
  });
}

struct Address {
  int family = 0;
  std::array<uint8_t, 16> bytes{};

  size_t bits() const { return family == AF_INET ? 32 : 128; }
};

std::optional<Address> address_in(const std::string& text) {
  Address address;
  for (const int family : {AF_INET, AF_INET6}) {
    address.family = family;
    if (inet_pton(family, text.c_str(), address.bytes.data()) == 1) return address;
  }
  return std::nullopt;
}

struct Network {
  Address address;
  size_t bits = 0;  // that an address of it has in common with `address`

  bool holds(const Address& other) const {
    if (other.family != address.family) return false;
    for (size_t bit = 0; bit < bits; bit += 8) {
      const size_t more = bits - bit;
      const auto mask = static_cast<uint8_t>(more >= 8 ? 0xff : 0xff << (8 - more));
      if (((address.bytes[bit / 8] ^ other.bytes[bit / 8]) & mask) != 0) return false;
    }
    return true;
  }
};

std::optional<Network> network_in(const std::string& text) {
  const size_t slash = text.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const std::optional<Address> address = address_in(text.substr(0, slash));
  if (!address) return std::nullopt;
  Network network{.address = *address};
  const char *begin = text.data() + slash + 1, *end = text.data() + text.size();
  const auto [read_to, error] = std::from_chars(begin, end, network.bits);
  if (error != std::errc() || read_to != end || network.bits > address->bits()) return std::nullopt;
  return network;
}

Getter build_is_in_cidr(Arguments& arguments) {
  std::vector<Network> networks;
  for (const std::string& text : arguments.texts(1)) {
    const std::optional<Network> network = network_in(text);
    if (network)
      networks.push_back(*network);
    else
      arguments.mistake(1, fmt::format("'{}' is no network, as 10.0.0.0/8 is", text));
  }
  return calculated(arguments, 1, [networks](const Values& values) -> Result<Value> {
    const auto* text = values[0].as<std::string>();
    if (text == nullptr) return wrong_kind("IsInCIDR", "a text", values[0]);
    const std::optional<Address> address = address_in(*text);
    if (!address) return malformed("IsInCIDR", fmt::format("'{}' is no address", text->substr(0, 100)));
    return Value(std::any_of(networks.begin(), networks.end(),
                             [&](const Network& network) { return network.holds(*address); }));
  });
}

// The value that the keys lead to; nullptr when there is none.
const Value* at_path(const Value& from, const std::vector<std::string>& path) {
  const Value* place = &from;
  for (const std::string& key : path) {
    const auto* map = place->as<Value::Map>();
    place = map == nullptr ? nullptr : find(*map, key);
    if (place == nullptr) return nullptr;
  }
  return place;
}

// [{"name": "a", "value": 1}] to {"a": 1}. Without a path to the key the place in the list is the key,
// without one to the value the whole element is the value.
Getter build_slice_to_map(Arguments& arguments) {
  const auto path = [&](size_t parameter) {
    return arguments.has(parameter) ? arguments.texts(parameter) : std::vector<std::string>();
  };
  return calculated(
      arguments, 1, [key_path = path(1), value_path = path(2)](const Values& values) -> Result<Value> {
        const auto* list = values[0].as<Value::List>();
        if (list == nullptr) return wrong_kind("SliceToMap", "a list", values[0]);
        Value::Map map;
        for (size_t i = 0; i < list->size(); ++i) {
          const Value& element = (*list)[i];
          const Value* key = key_path.empty() ? nullptr : at_path(element, key_path);
          const auto* name = key == nullptr ? nullptr : key->as<std::string>();
          if (!key_path.empty() && name == nullptr)
            return malformed("SliceToMap", fmt::format("element {} has no text where the key should be", i));
          const Value* value = at_path(element, value_path);
          if (value == nullptr) return malformed("SliceToMap", fmt::format("element {} has no value", i));
          at(map, name == nullptr ? std::to_string(i) : *name) = *value;
        }
        return Value(std::move(map));
      });
}

// What strftime writes, and %L, %f, %s for milli-, micro- and nanoseconds. UTC.
std::string formatted(UnixNanos time, std::string_view format) {
  constexpr int64_t kSecond = 1'000'000'000;
  const int64_t nanos = (time.count % kSecond + kSecond) % kSecond;
  const auto at = static_cast<time_t>((time.count - nanos) / kSecond);
  std::tm parts{};
  gmtime_r(&at, &parts);
  std::string text;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      text += format[i];
      continue;
    }
    const char which = format[++i];
    if (which == 'L') {
      text += fmt::format("{:03}", nanos / 1'000'000);
    } else if (which == 'f') {
      text += fmt::format("{:06}", nanos / 1000);
    } else if (which == 's') {
      text += fmt::format("{:09}", nanos);
    } else {
      const char directive[] = {'%', which, '\0'};
      char buffer[64];
      text.append(buffer, strftime(buffer, sizeof buffer, directive, &parts));
    }
  }
  return text;
}

Getter build_format_time(Arguments& arguments) {
  const std::string format = arguments.text(1);
  constexpr std::string_view kDirectives = "YymdbBaAHIMSpLfsjzZTDFRhetn%";
  for (size_t i = 0; i + 1 < format.size(); ++i) {
    if (format[i] != '%') continue;
    if (kDirectives.find(format[++i]) == std::string_view::npos)
      arguments.mistake(1, fmt::format("'%{}' is not understood", format[i]));
  }
  return calculated(arguments, 1, [format](const Values& values) -> Result<Value> {
    const auto* time = values[0].as<UnixNanos>();
    if (time == nullptr) return wrong_kind("FormatTime", "a time", values[0]);
    return Value(formatted(*time, format));
  });
}

constexpr FunctionRow kRows[] = {
    {"ParseCSV", "target, headers, delimiter?, headerDelimiter?, mode?", build_parse_csv},
    {"URL", "url_string", build_url},
    {"IsInCIDR", "target, networks", build_is_in_cidr},
    {"SliceToMap", "target, keyPath?, valuePath?", build_slice_to_map},
    {"FormatTime", "time, format", build_format_time},
};

}  // namespace

std::span<const FunctionRow> parsing_converters() {
  return kRows;
}

}  // namespace clew::pipeline::ottl
