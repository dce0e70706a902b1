#include "query/expressions/evaluate.h"

#include <algorithm>
#include <cmath>
#include <ctime>

#include <fmt/format.h>
#include <re2/re2.h>

#include "query/expressions/metro_hash.h"

namespace clew::query {
namespace {

constexpr size_t kLongestText = 64 * 1024;

Scalar scalar_of(const Value& value) {
  if (const auto* boolean = std::get_if<bool>(&value)) return Scalar::of(*boolean);
  if (const auto* integer = std::get_if<int64_t>(&value)) return Scalar::of(*integer);
  if (const auto* real = std::get_if<double>(&value)) return Scalar::of(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return Scalar::of(std::string_view(*text));
  return {};
}

// What a row gives to a function.
using Arguments = std::vector<const Scalar*>;

bool is_empty(const Scalar& scalar) {
  return scalar.is_null() || (scalar.is_text() && scalar.size == 0);
}

Scalar if_of(const Arguments& given) {
  for (size_t i = 0; i + 1 < given.size(); i += 2) {
    if (is_truthy(*given[i])) return *given[i + 1];
  }
  return given.size() % 2 == 1 ? *given.back() : Scalar();
}

Scalar switch_of(const Arguments& given) {
  for (size_t i = 1; i + 1 < given.size(); i += 2) {
    if (are_equal(*given[0], *given[i])) return *given[i + 1];
  }
  return given.size() % 2 == 0 ? *given.back() : Scalar();
}

Scalar first_that_is_there(const Arguments& given) {
  const auto found =
      std::find_if(given.begin(), given.end(), [](const Scalar* one) { return !is_empty(*one); });
  return found == given.end() ? Scalar() : **found;
}

// Among those of the type of the first that is there.
Scalar extreme_of(const Arguments& given, bool wants_smallest) {
  const Scalar first = first_that_is_there(given);
  if (!first.is_number() && !first.is_text() && first.kind != Scalar::Kind::time) return first;
  Scalar best = first;
  for (const Scalar* one : given) {
    const auto order = is_empty(*one) ? std::nullopt : order_of(*one, best);
    if (order && (wants_smallest ? *order < 0 : *order > 0)) best = *one;
  }
  return best;
}

// `offset` is where buckets begin.
std::string range_label(double number, double size, double offset, double most) {
  const double low = offset + std::floor((number - offset) / size) * size;
  const auto text = [](double bound) { return to_text(number_value(bound)); };
  return text(low) + " - " + text(std::min(low + size, most));
}

Scalar bucket_of(const Arguments& given, TextArena& arena) {
  if (!given[0]->is_number()) return {};
  const double number = given[0]->as_real(), size = number_in(*given[1]);
  if (!std::isfinite(number)) return {};
  if (given.size() == 2) return arena.keep(range_label(number, size, 0, INFINITY));
  const double least = number_in(*given[2]), most = number_in(*given[3]);
  if (number < least) return arena.keep("< " + to_text(number_value(least)));
  if (number > most) return arena.keep("> " + to_text(number_value(most)));
  // The maximum belongs to the last bucket.
  const double within = number == most && number > least ? std::nextafter(number, least) : number;
  return arena.keep(range_label(within, size, least, most));
}

Scalar integer_of(const Scalar& scalar) {
  if (scalar.kind == Scalar::Kind::integer) return scalar;
  if (scalar.kind == Scalar::Kind::boolean) return Scalar::of(int64_t{scalar.boolean});
  const double number = number_in(scalar);
  if (number >= 0x1p63) return Scalar::of(INT64_MAX);
  if (number < -0x1p63) return Scalar::of(INT64_MIN);
  return Scalar::of(static_cast<int64_t>(number));
}

Scalar real_of(const Scalar& scalar) {
  if (scalar.kind == Scalar::Kind::boolean) return Scalar::of(scalar.boolean ? 1.0 : 0.0);
  return Scalar::of(number_in(scalar));
}

bool text_relation(Function function, const Scalar& text, const Scalar& part) {
  if (!text.is_text() || !part.is_text()) return false;
  switch (function) {
    case Function::starts_with:
      return text.view().starts_with(part.view());
    case Function::ends_with:
      return text.view().ends_with(part.view());
    default:
      return text.view().find(part.view()) != std::string_view::npos;
  }
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// ASCII, Latin-1, Greek and Cyrillic.
std::string lower_of(std::string_view text) {
  std::string lower(text);
  for (size_t i = 0; i < lower.size(); ++i) {
    const auto byte = static_cast<unsigned char>(lower[i]);
    if (byte >= 'A' && byte <= 'Z') lower[i] = static_cast<char>(byte + 32);
    if (byte < 0xC3 || byte > 0xD0 || i + 1 == lower.size() || !is_continuation(lower[i + 1])) continue;
    uint32_t code = (byte & 31u) << 6 | (static_cast<unsigned char>(lower[i + 1]) & 63u);
    if ((code >= 0xC0 && code <= 0xDE && code != 0xD7) || (code >= 0x391 && code <= 0x3A9 && code != 0x3A2) ||
        (code >= 0x410 && code <= 0x42F)) {
      code += 0x20;
    } else if (code >= 0x400 && code <= 0x40F) {
      code += 0x50;
    }
    lower[i] = static_cast<char>(0xC0 | code >> 6);
    lower[++i] = static_cast<char>(0x80 | (code & 63));
  }
  return lower;
}

Scalar length_of(const Arguments& given) {
  if (!given[0]->is_text()) return {};
  const std::string_view text = given[0]->view();
  if (given.size() == 1 || given[1]->view() == "bytes") return Scalar::of(static_cast<int64_t>(text.size()));
  return Scalar::of(static_cast<int64_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); })));
}

// The first group, or all that matched when the pattern has none.
Scalar matched_part(const Scalar& text, const re2::RE2& pattern) {
  if (!text.is_text()) return {};
  re2::StringPiece groups[2];
  const re2::StringPiece whole(text.text, text.size);
  const int wanted = pattern.NumberOfCapturingGroups() > 0 ? 2 : 1;
  if (!pattern.Match(whole, 0, whole.size(), re2::RE2::UNANCHORED, groups, wanted)) return {};
  const re2::StringPiece& part = groups[wanted - 1];
  return Scalar::of(std::string_view(part.data() == nullptr ? text.text : part.data(), part.size()));
}

Scalar match_count(const Scalar& text, const re2::RE2& pattern) {
  int64_t count = 0;
  if (!text.is_text()) return Scalar::of(count);
  const re2::StringPiece whole(text.text, text.size);
  re2::StringPiece match;
  for (size_t at = 0;
       at <= whole.size() && pattern.Match(whole, at, whole.size(), re2::RE2::UNANCHORED, &match, 1);
       ++count) {
    const size_t end = static_cast<size_t>(match.data() - whole.data()) + match.size();
    at = match.empty() ? end + 1 : end;
  }
  return Scalar::of(count);
}

Scalar seconds_of(const Scalar& scalar) {
  if (scalar.kind == Scalar::Kind::time) return Scalar::of(static_cast<double>(scalar.integer) * 1e-9);
  if (!scalar.is_text()) return {};
  const std::string_view text = scalar.view();
  // Nothing that is relative to now.
  if (text.size() < 20 || text[4] != '-') return {};
  const Result<UnixNanos> at = parse_time(text, {});
  return at.ok() ? Scalar::of(static_cast<double>(at->count) * 1e-9) : Scalar();
}

Scalar formatted_time(const Scalar& format, const Scalar& at, TextArena& arena) {
  if (at.is_null()) return {};
  const double seconds = number_in(at);
  // Years of four digits.
  if (!(std::abs(seconds) < 253'402'300'800.0)) return {};
  const auto whole = static_cast<std::time_t>(std::floor(seconds));
  std::tm parts{};
  if (gmtime_r(&whole, &parts) == nullptr) return {};
  const std::string pattern(format.view());
  std::string out(std::min<size_t>(pattern.size() * 40 + 1, kLongestText), '\0');
  out.resize(std::strftime(out.data(), out.size(), pattern.c_str(), &parts));
  return arena.keep(std::move(out));
}

Scalar joined(const Arguments& given, TextArena& arena) {
  std::string text;
  for (const Scalar* one : given) text += text_of(*one);
  if (text.size() > kLongestText) text.resize(kLongestText);
  return arena.keep(std::move(text));
}

Scalar hash_of_arguments(const Arguments& given) {
  std::string text;
  for (size_t i = 0; i < given.size(); ++i) {
    if (i > 0) text += '\0';
    text += text_of(*given[i]);
  }
  // A number above zero, so that MOD() gives one too.
  return Scalar::of(static_cast<int64_t>(metro_hash(text) >> 1));
}

Scalar call(const EvaluationNode& node, const Arguments& given, TextArena& arena) {
  const auto ordered = [&](auto holds) {
    const auto order = order_of(*given[0], *given[1]);
    return Scalar::of(order && holds(*order));
  };
  const auto number = [&](size_t i) { return number_in(*given[i]); };
  switch (node.function) {
    case Function::if_:
      return if_of(given);
    case Function::switch_:
      return switch_of(given);
    case Function::coalesce:
      return first_that_is_there(given);
    case Function::less:
      return ordered([](auto order) { return order < 0; });
    case Function::less_or_equal:
      return ordered([](auto order) { return order <= 0; });
    case Function::greater:
      return ordered([](auto order) { return order > 0; });
    case Function::greater_or_equal:
      return ordered([](auto order) { return order >= 0; });
    case Function::equals:
      return Scalar::of(are_equal(*given[0], *given[1]));
    case Function::not_equals:
      return Scalar::of(!are_equal(*given[0], *given[1]));
    case Function::in:
      return Scalar::of(std::any_of(given.begin() + 1, given.end(),
                                    [&](const Scalar* one) { return are_equal(*given[0], *one); }));
    case Function::exists:
      return Scalar::of(!given[0]->is_null());
    case Function::not_:
      return Scalar::of(!is_truthy(*given[0]));
    case Function::and_:
      return Scalar::of(
          std::all_of(given.begin(), given.end(), [](const Scalar* one) { return is_truthy(*one); }));
    case Function::or_:
      return Scalar::of(
          std::any_of(given.begin(), given.end(), [](const Scalar* one) { return is_truthy(*one); }));
    case Function::sum: {
      double sum = 0;
      for (size_t i = 0; i < given.size(); ++i) sum += number(i);
      return Scalar::of(sum);
    }
    case Function::subtract:
      return Scalar::of(number(0) - number(1));
    case Function::multiply: {
      double product = 1;
      for (size_t i = 0; i < given.size(); ++i) product *= number(i);
      return Scalar::of(product);
    }
    case Function::divide:
      return number(1) == 0 ? Scalar() : Scalar::of(number(0) / number(1));
    case Function::modulo:
      return number(1) == 0 ? Scalar() : Scalar::of(std::fmod(number(0), number(1)));
    case Function::minimum:
      return extreme_of(given, true);
    case Function::maximum:
      return extreme_of(given, false);
    case Function::log10:
      return number(0) > 0 ? Scalar::of(std::log10(number(0))) : Scalar();
    case Function::bucket:
      return bucket_of(given, arena);
    case Function::to_int:
      return integer_of(*given[0]);
    case Function::to_float:
      return real_of(*given[0]);
    case Function::to_bool:
      return Scalar::of(is_truthy(*given[0]));
    case Function::to_string:
    case Function::concat:
      return joined(given, arena);
    case Function::starts_with:
    case Function::ends_with:
    case Function::contains:
      return Scalar::of(text_relation(node.function, *given[0], *given[1]));
    case Function::to_lower:
      return given[0]->is_text() ? arena.keep(lower_of(given[0]->view())) : Scalar();
    case Function::length:
      return length_of(given);
    case Function::reg_match:
      return Scalar::of(
          given[0]->is_text() &&
          re2::RE2::PartialMatch(re2::StringPiece(given[0]->text, given[0]->size), *node.pattern));
    case Function::reg_value:
      return matched_part(*given[0], *node.pattern);
    case Function::reg_count:
      return match_count(*given[0], *node.pattern);
    case Function::unix_timestamp:
    case Function::event_timestamp:
      return seconds_of(*given[0]);
    case Function::ingest_timestamp:
      return seconds_of(first_that_is_there(given));
    case Function::format_time:
      return formatted_time(*given[0], *given[1], arena);
    case Function::metro_hash:
      return hash_of_arguments(given);
  }
  return {};
}

}  // namespace

Scalars evaluate(const EvaluationNode& node, uint32_t rows, const std::vector<Scalars>& inputs,
                 TextArena& arena) {
  if (node.kind == EvaluationNode::Kind::literal) return {{scalar_of(node.literal)}, true};
  if (node.kind == EvaluationNode::Kind::input) return inputs[node.input];
  std::vector<Scalars> computed;
  std::vector<const Scalars*> arguments;
  computed.reserve(node.arguments.size());
  for (const EvaluationNode& argument : node.arguments) {
    if (argument.kind == EvaluationNode::Kind::input) {
      arguments.push_back(&inputs[argument.input]);
    } else {
      computed.push_back(evaluate(argument, rows, inputs, arena));
      arguments.push_back(&computed.back());
    }
  }
  Scalars result;
  result.same_for_all =
      std::all_of(arguments.begin(), arguments.end(), [](const Scalars* one) { return one->same_for_all; });
  const uint32_t count = result.same_for_all ? 1 : rows;
  result.values.reserve(count);
  Arguments given(arguments.size());
  for (uint32_t row = 0; row < count; ++row) {
    for (size_t i = 0; i < arguments.size(); ++i) given[i] = &arguments[i]->of(row);
    result.values.push_back(call(node, given, arena));
  }
  return result;
}

}  // namespace clew::query
