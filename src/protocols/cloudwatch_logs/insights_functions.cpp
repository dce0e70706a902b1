#include "protocols/cloudwatch_logs/insights_functions.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cmath>
#include <memory>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <re2/re2.h>

#include "protocols/cloudwatch_logs/insights_conversions.h"
#include "protocols/cloudwatch_logs/insights_dates.h"
#include "protocols/cloudwatch_logs/insights_tokens.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kAny = SIZE_MAX;
constexpr size_t kMostBranches = 21;  // ten, and what holds otherwise
constexpr size_t kLongestText = 1 << 20;

Value truth(bool value) {
  return value ? 1.0 : 0.0;
}
std::string text_of(const Value& value) {
  return to_text(value);
}

template <double (*calculate)(double)>
Value number_function(const Arguments& arguments, const Scope&) {
  const std::optional<double> number = to_number(arguments[0]);
  if (!number) return {};
  const double result = calculate(*number);
  return std::isfinite(result) ? Value(result) : Value();
}
double absolute(double x) {
  return std::fabs(x);
}
double ceiling(double x) {
  return std::ceil(x);
}
double floored(double x) {
  return std::floor(x);
}
double logarithm(double x) {
  return std::log(x);
}
double root(double x) {
  return std::sqrt(x);
}

template <bool greatest>
Value extreme(const Arguments& arguments, const Scope&) {
  Value best;
  for (const Value& one : arguments) {
    if (is_missing(one)) continue;
    if (is_missing(best) || (compare(one, best) > 0) == greatest) best = one;
  }
  return best;
}

// Calendar periods count from the year 1970; weeks begin on Monday.
int64_t floor_to(int64_t at, std::string_view period) {
  const std::optional<int64_t> width = period_in(period);
  if (!width || *width <= 0) return at;
  size_t digits = 0;
  while (digits < period.size() && std::isdigit(static_cast<unsigned char>(period[digits])) != 0) ++digits;
  const std::string_view unit = period.substr(digits);
  const auto floor_division = [](int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); };
  constexpr int64_t kDay = 86'400'000;
  const bool is_month = unit.starts_with("mo"), is_quarter = unit.starts_with('q'),
             is_year = unit.starts_with('y');
  if (is_month || is_quarter || is_year) {
    using namespace std::chrono;
    const year_month_day date(sys_days(std::chrono::days(floor_division(at, kDay))));
    const int64_t months = (int{date.year()} - 1970) * 12 + static_cast<int64_t>(unsigned{date.month()}) - 1;
    int64_t count = 1;
    std::from_chars(period.data(), period.data() + digits, count);
    const int64_t step = std::clamp<int64_t>(count, 1, 1200) * (is_year ? 12 : is_quarter ? 3 : 1);
    const int64_t first = floor_division(months, step) * step;
    const year_month start = year(1970) / January + std::chrono::months(first);
    return sys_days(start / 1).time_since_epoch().count() * kDay;
  }
  const int64_t offset = unit.starts_with('w') ? 4 * kDay : 0;  // 1970 began on a Thursday
  return floor_division(at - offset, *width) * *width + offset;
}

Value date_floor(const Arguments& arguments, const Scope&) {
  const std::optional<double> at = to_number(arguments[0]);
  if (!at || std::abs(*at) > 9e15) return {};
  return Moment{floor_to(static_cast<int64_t>(*at), text_of(arguments[1]))};
}
Value date_ceil(const Arguments& arguments, const Scope&) {
  const std::optional<double> at = to_number(arguments[0]);
  if (!at || std::abs(*at) > 9e15) return {};
  const auto time = static_cast<int64_t>(*at);
  const std::string period = text_of(arguments[1]);
  const int64_t start = floor_to(time, period);
  if (start == time) return Moment{start};
  return Moment{floor_to(start + period_in(period).value_or(0) * 32 / 31 + 1, period)};
}
Value from_millis(const Arguments& arguments, const Scope&) {
  const std::optional<double> at = to_number(arguments[0]);
  return at && std::abs(*at) < 9e15 ? Value(Moment{static_cast<int64_t>(*at)}) : Value();
}
Value to_millis(const Arguments& arguments, const Scope&) {
  if (const auto* moment = std::get_if<Moment>(&arguments[0]))
    return static_cast<double>(moment->milliseconds);
  const Result<UnixNanos> parsed = parse_time(text_of(arguments[0]), {});
  return parsed.ok() ? Value(std::floor(static_cast<double>(parsed->count) / 1e6)) : Value();
}
Value now_in_seconds(const Arguments&, const Scope& scope) {
  return std::floor(static_cast<double>(scope.now.count) / 1e9);
}

Value is_present(const Arguments& arguments, const Scope&) {
  return truth(!is_missing(arguments[0]));
}
Value coalesce(const Arguments& arguments, const Scope&) {
  for (const Value& one : arguments)
    if (!is_missing(one)) return one;
  return {};
}

// Conditions and values by turns; the last one alone is what holds otherwise.
Value first_case(const Arguments& arguments, const Scope&) {
  for (size_t i = 0; i + 1 < arguments.size(); i += 2)
    if (is_true(arguments[i])) return arguments[i + 1];
  return arguments.size() % 2 == 1 ? arguments.back() : Value();
}
Value either(const Arguments& arguments, const Scope&) {
  return is_true(arguments[0]) ? arguments[1] : arguments[2];
}
Value is_numeric(const Arguments& arguments, const Scope&) {
  return truth(!std::holds_alternative<Moment>(arguments[0]) && to_number(arguments[0]).has_value());
}
Value size_in_bytes(const Arguments& arguments, const Scope&) {
  return is_missing(arguments[0]) ? Value() : Value(static_cast<double>(text_of(arguments[0]).size()));
}
// Of the query: its last second is part of it.
double milliseconds_of(UnixNanos time) {
  return std::floor(static_cast<double>(time.count) / 1e6);
}
Value query_start(const Arguments&, const Scope& scope) {
  return milliseconds_of(scope.range.from);
}
Value query_end(const Arguments&, const Scope& scope) {
  return std::max(milliseconds_of(scope.range.to) - 1000, milliseconds_of(scope.range.from));
}
Value query_duration(const Arguments& arguments, const Scope& scope) {
  return *to_number(query_end(arguments, scope)) - *to_number(query_start(arguments, scope));
}
// Great-circle distance in kilometres.
Value haversine(const Arguments& arguments, const Scope&) {
  constexpr double kRadius = 6371.0088, kRadian = 0.017453292519943295;
  std::array<double, 4> degrees{};
  for (size_t i = 0; i < degrees.size(); ++i) {
    const std::optional<double> number = to_number(arguments[i]);
    if (!number) return {};
    degrees[i] = *number * kRadian;
  }
  const double latitude = std::sin((degrees[2] - degrees[0]) / 2),
               longitude = std::sin((degrees[3] - degrees[1]) / 2);
  const double chord =
      latitude * latitude + std::cos(degrees[0]) * std::cos(degrees[2]) * longitude * longitude;
  return 2 * kRadius * std::asin(std::min(1.0, std::sqrt(chord)));
}

Value json_parse(const Arguments& arguments, const Scope&) {
  const Result<JsonValue> parsed = parse_json(text_of(arguments[0]));
  return parsed.ok() ? value_of(*parsed) : Value();
}
Value json_stringify(const Arguments& arguments, const Scope&) {
  if (is_missing(arguments[0])) return {};
  if (const auto* json = std::get_if<JsonValue>(&arguments[0])) return json->text();
  if (std::holds_alternative<double>(arguments[0])) return text_of(arguments[0]);
  return JsonValue(text_of(arguments[0])).text();
}

struct Address {
  std::array<uint8_t, 16> bytes{};
  int family = 0;
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
template <int family>
Value is_address(const Arguments& arguments, const Scope&) {
  const auto address = address_in(text_of(arguments[0]));
  return truth(address && (family == 0 || address->family == family));
}
template <int family>
Value is_in_subnet(const Arguments& arguments, const Scope&) {
  const std::string subnet = text_of(arguments[1]);
  const size_t slash = subnet.find('/');
  const auto address = address_in(text_of(arguments[0])), base = address_in(subnet.substr(0, slash));
  if (!address || !base || address->family != base->family || (family != 0 && address->family != family))
    return truth(false);
  size_t bits = base->bits();
  if (slash != std::string::npos) {
    const auto [end, error] = std::from_chars(subnet.data() + slash + 1, subnet.data() + subnet.size(), bits);
    if (error != std::errc() || bits > base->bits()) return truth(false);
  }
  for (size_t bit = 0; bit < bits; ++bit) {
    const int shift = 7 - static_cast<int>(bit % 8);
    if ((address->bytes[bit / 8] >> shift & 1) != (base->bytes[bit / 8] >> shift & 1)) return truth(false);
  }
  return truth(true);
}

Value is_empty(const Arguments& arguments, const Scope&) {
  return truth(text_of(arguments[0]).empty());
}
Value is_blank(const Arguments& arguments, const Scope&) {
  const std::string text = text_of(arguments[0]);
  return truth(std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isspace(c) != 0; }));
}
Value concat(const Arguments& arguments, const Scope&) {
  std::string text;
  for (const Value& one : arguments) text += text_of(one);
  return text.size() > kLongestText ? Value() : Value(std::move(text));
}

template <bool left, bool right>
Value trim(const Arguments& arguments, const Scope&) {
  if (is_missing(arguments[0])) return {};
  const std::string text = text_of(arguments[0]);
  const std::string what = arguments.size() > 1 ? text_of(arguments[1]) : " \t\r\n";
  size_t from = 0, to = text.size();
  if (left) from = std::min(text.find_first_not_of(what), text.size());
  if (right) to = text.find_last_not_of(what) + 1;
  return text.substr(from, to > from ? to - from : 0);
}

// Characters, not bytes.
size_t character_count(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(),
                                           [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}
size_t byte_of_character(std::string_view text, size_t character) {
  for (size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<uint8_t>(text[i]) & 0xC0) == 0x80) continue;
    if (character-- == 0) return i;
  }
  return text.size();
}
Value string_length(const Arguments& arguments, const Scope&) {
  return is_missing(arguments[0]) ? Value()
                                  : Value(static_cast<double>(character_count(text_of(arguments[0]))));
}
template <int (*change)(int)>
Value change_case(const Arguments& arguments, const Scope&) {
  if (is_missing(arguments[0])) return {};
  std::string text = text_of(arguments[0]);
  for (char& c : text) c = static_cast<char>(change(static_cast<unsigned char>(c)));
  return text;
}
Value substring(const Arguments& arguments, const Scope&) {
  if (is_missing(arguments[0])) return {};
  const std::string text = text_of(arguments[0]);
  const double from = to_number(arguments[1]).value_or(0);
  const double length = arguments.size() > 2 ? to_number(arguments[2]).value_or(0) : 1e9;
  const size_t begin = byte_of_character(text, static_cast<size_t>(std::clamp(from, 0.0, 1e9)));
  const std::string rest = text.substr(begin);
  return rest.substr(0, byte_of_character(rest, static_cast<size_t>(std::clamp(length, 0.0, 1e9))));
}
Value replace(const Arguments& arguments, const Scope&) {
  if (is_missing(arguments[0])) return {};
  const std::string text = text_of(arguments[0]), what = text_of(arguments[1]), with = text_of(arguments[2]);
  if (what.empty()) return text;
  std::string result;
  for (size_t at = 0;;) {
    const size_t found = text.find(what, at);
    result.append(text, at, found - at);
    if (found == std::string::npos || result.size() > kLongestText) return result;
    result += with;
    at = found + what.size();
  }
}
Value contains(const Arguments& arguments, const Scope&) {
  const std::string text = text_of(arguments[0]), what = text_of(arguments[1]);
  const bool ignores_case = arguments.size() > 2 && is_true(arguments[2]);
  return truth(!is_missing(arguments[0]) && (ignores_case ? lower_case(text).find(lower_case(what))
                                                          : text.find(what)) != std::string::npos);
}
Value begins_with(const Arguments& arguments, const Scope&) {
  return truth(!is_missing(arguments[0]) && text_of(arguments[0]).starts_with(text_of(arguments[1])));
}
Value finishes_with(const Arguments& arguments, const Scope&) {
  return truth(!is_missing(arguments[0]) && text_of(arguments[0]).ends_with(text_of(arguments[1])));
}
// Compiled once for all rows of a query: the pattern hardly ever changes from one row to the next.
const re2::RE2& compiled(const std::string& pattern) {
  thread_local std::unique_ptr<const re2::RE2> last;
  if (last == nullptr || last->pattern() != pattern) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(4 << 20);
    last = std::make_unique<const re2::RE2>(pattern, options);
  }
  return *last;
}
// $1 and \1 are what the first group found.
Value replace_matches(const Arguments& arguments, const Scope&) {
  if (is_missing(arguments[0])) return {};
  std::string text = text_of(arguments[0]), with = text_of(arguments[2]);
  for (size_t i = 0; i + 1 < with.size(); ++i)
    if (with[i] == '$' && std::isdigit(static_cast<unsigned char>(with[i + 1])) != 0) with[i] = '\\';
  const re2::RE2& expression = compiled(text_of(arguments[1]));
  std::string why;
  if (!expression.ok() || !expression.CheckRewriteString(with, &why)) return {};
  re2::RE2::GlobalReplace(&text, expression, with);
  return text.size() > kLongestText ? Value() : Value(std::move(text));
}

Value digest(const Arguments& arguments, const EVP_MD* kind) {
  if (is_missing(arguments[0])) return {};
  const std::string text = text_of(arguments[0]);
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, kind, nullptr) != 1) return {};
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", bytes[i]);
  return hex;
}
Value md5(const Arguments& arguments, const Scope&) {
  return digest(arguments, EVP_md5());
}
Value sha256(const Arguments& arguments, const Scope&) {
  return digest(arguments, EVP_sha256());
}

constexpr std::array kFunctions = {
    Function{"abs", {1, 1}, number_function<absolute>},
    Function{"ceil", {1, 1}, number_function<ceiling>},
    Function{"floor", {1, 1}, number_function<floored>},
    Function{"log", {1, 1}, number_function<logarithm>},
    Function{"sqrt", {1, 1}, number_function<root>},
    Function{"greatest", {1, kAny}, extreme<true>},
    Function{"least", {1, kAny}, extreme<false>},
    Function{"round", {1, 2}, rounded},
    Function{"haversine", {4, 4}, haversine},
    Function{"tonumber", {1, 1}, as_number},
    Function{"toint", {1, 1}, as_integer},
    Function{"tolong", {1, 1}, as_long},
    Function{"todouble", {1, 1}, as_number},

    Function{"datefloor", {2, 2}, date_floor},
    Function{"dateceil", {2, 2}, date_ceil},
    Function{"frommillis", {1, 1}, from_millis},
    Function{"tomillis", {1, 1}, to_millis},
    Function{"now", {0, 0}, now_in_seconds},
    Function{"parsedate", {2, 3}, parse_date},
    Function{"formatdate", {2, 3}, format_date},
    Function{"strftime", {2, 3}, format_date},
    Function{"querystarttime", {0, 0}, query_start},
    Function{"queryendtime", {0, 0}, query_end},
    Function{"querytimerange", {0, 0}, query_duration},

    Function{"ispresent", {1, 1}, is_present},
    Function{"coalesce", {1, kAny}, coalesce},
    Function{"case", {2, kMostBranches}, first_case},
    Function{"if", {3, 3}, either},
    Function{"isnumeric", {1, 1}, is_numeric},
    Function{"messagesize", {1, 1}, size_in_bytes},

    Function{"jsonparse", {1, 1}, json_parse},
    Function{"jsonstringify", {1, 1}, json_stringify},
    Function{"jsonarraysize", {1, 1}, list_size},
    Function{"jsonarraycontains", {2, 2}, list_contains},

    Function{"isvalidip", {1, 1}, is_address<0>},
    Function{"isvalidipv4", {1, 1}, is_address<AF_INET>},
    Function{"isvalidipv6", {1, 1}, is_address<AF_INET6>},
    Function{"isipinsubnet", {2, 2}, is_in_subnet<0>},
    Function{"isipv4insubnet", {2, 2}, is_in_subnet<AF_INET>},
    Function{"isipv6insubnet", {2, 2}, is_in_subnet<AF_INET6>},
    Function{"ipv4tonumber", {1, 1}, address_to_number},
    Function{"isprivateip", {1, 1}, is_private_address},
    Function{"ispublicip", {1, 1}, is_public_address},
    Function{"isreservedip", {1, 1}, is_reserved_address},

    Function{"isempty", {1, 1}, is_empty},
    Function{"isblank", {1, 1}, is_blank},
    Function{"concat", {1, kAny}, concat},
    Function{"trim", {1, 2}, trim<true, true>},
    Function{"ltrim", {1, 2}, trim<true, false>},
    Function{"rtrim", {1, 2}, trim<false, true>},
    Function{"strlen", {1, 1}, string_length},
    Function{"toupper", {1, 1}, change_case<std::toupper>},
    Function{"tolower", {1, 1}, change_case<std::tolower>},
    Function{"substr", {2, 3}, substring},
    Function{"replace", {3, 3}, replace},
    Function{"regexreplace", {3, 3}, replace_matches},
    Function{"strcontains", {2, 3}, contains},
    Function{"startswith", {2, 2}, begins_with},
    Function{"endswith", {2, 2}, finishes_with},
    Function{"urlencode", {1, 1}, to_url},
    Function{"urldecode", {1, 1}, from_url},
    Function{"base64encode", {1, 1}, to_base64},
    Function{"base64decode", {1, 1}, from_base64},
    Function{"split", {2, 2}, split_text},
    Function{"hextoascii", {1, 1}, hex_to_text},
    Function{"hextodec", {1, 1}, hex_to_decimal},
    Function{"dectohex", {1, 1}, decimal_to_hex},
    Function{"md5", {1, 1}, md5},
    Function{"sha256", {1, 1}, sha256},
};

}  // namespace

std::span<const Function> all_functions() {
  return kFunctions;
}

const Function* find_function(std::string_view name) {
  const auto found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                  [&](const Function& one) { return one.name == name; });
  return found == kFunctions.end() ? nullptr : &*found;
}

}  // namespace clew::cloudwatch_logs::insights
