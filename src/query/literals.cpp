#include "query/literals.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/hex.h"
#include "telemetry/ids.h"

namespace clew::query {
namespace {

using store::ColumnType;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The integers v for which `v op number` holds.
std::vector<IntegerRange> integers_where(Operator op, const Value& number) {
  // The largest integer at or below the number, and the smallest at or above.
  int64_t below, above;
  bool whole = true;
  if (const auto* integer = std::get_if<int64_t>(&number)) {
    below = above = *integer;
  } else {
    double real = std::get<double>(number);
    bool all_are_less = real >= 0x1p63, all_are_greater = real < -0x1p63;
    if (std::isnan(real)) return {};
    if (all_are_less || all_are_greater) {
      bool holds = all_are_less ? op == Operator::less || op == Operator::less_or_equal
                                : op == Operator::greater || op == Operator::greater_or_equal;
      if (!holds) return {};
      return {{INT64_MIN, INT64_MAX}};
    }
    below = static_cast<int64_t>(std::floor(real));
    whole = real == std::floor(real);
    above = whole ? below : below + 1;
  }
  switch (op) {
    case Operator::greater:
      if (whole && below == INT64_MAX) return {};
      return {{whole ? below + 1 : above, INT64_MAX}};
    case Operator::greater_or_equal:
      return {{above, INT64_MAX}};
    case Operator::less:
      if (whole && below == INT64_MIN) return {};
      return {{INT64_MIN, whole ? below - 1 : below}};
    case Operator::less_or_equal:
      return {{INT64_MIN, below}};
    default:
      if (!whole) return {};
      return {{below, below}};
  }
}

// The doubles v for which `v op number` holds, without NaN.
std::vector<RealRange> reals_where(Operator op, const Value& number) {
  double nearest = *number_in(number);
  if (std::isnan(nearest)) return {};
  auto order = compare(Value(nearest), number);  // an integer may have been rounded
  double at_least = order >= 0 ? nearest : std::nextafter(nearest, kInfinity);
  double at_most = order <= 0 ? nearest : std::nextafter(nearest, -kInfinity);
  switch (op) {
    case Operator::greater:
      if (order <= 0 && nearest == kInfinity) return {};
      return {{order > 0 ? nearest : std::nextafter(nearest, kInfinity), kInfinity}};
    case Operator::greater_or_equal:
      return {{at_least, kInfinity}};
    case Operator::less:
      if (order >= 0 && nearest == -kInfinity) return {};
      return {{-kInfinity, order < 0 ? nearest : std::nextafter(nearest, -kInfinity)}};
    case Operator::less_or_equal:
      return {{-kInfinity, at_most}};
    default:
      if (order != 0) return {};
      return {{nearest, nearest}};
  }
}

template <typename Range>
void append(std::vector<Range>& to, std::vector<Range> from) {
  to.insert(to.end(), from.begin(), from.end());
}

bool orders(Operator op) {
  return op >= Operator::greater && op <= Operator::less_or_equal;
}
bool is_equality(Operator op) {
  return op == Operator::equal || op == Operator::in;
}

}  // namespace

Result<Literals> Literals::prepare(Operator positive, const std::vector<Value>& values) {
  Literals literals;
  literals.op_ = positive;
  if (positive == Operator::exists) {
    literals.integers_ = literals.times_ = literals.durations_ = {{INT64_MIN, INT64_MAX}};
    literals.matches_true_ = literals.matches_false_ = true;
    return literals;
  }
  for (const Value& value : values) {
    bool numeric = orders(positive) || is_equality(positive);
    if (const auto* text = std::get_if<std::string>(&value)) {
      literals.add_text(*text);
    } else if (const auto* boolean = std::get_if<bool>(&value); boolean && is_equality(positive)) {
      (*boolean ? literals.matches_true_ : literals.matches_false_) = true;
    } else if (const auto* at = std::get_if<UnixNanos>(&value); at && numeric) {
      append(literals.times_, integers_where(positive, at->count));
    } else if (number_in(value) && numeric) {
      literals.add_number(value);
    }
  }
  if (positive == Operator::matches && !literals.texts_.empty()) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto pattern = std::make_shared<re2::RE2>(literals.texts_[0], options);
    if (!pattern->ok())
      return Status(ErrorKind::bad_input, fmt::format("\"{}\" is not a regular expression: {}",
                                                      literals.texts_[0], pattern->error()));
    literals.pattern_ = std::move(pattern);
  }
  return literals;
}

void Literals::add_number(const Value& value) {
  std::vector<IntegerRange> ranges = integers_where(op_, value);
  append(integers_, ranges);
  append(times_, ranges);
  append(durations_, ranges);
  append(reals_, reals_where(op_, value));
}

void Literals::add_text(const std::string& text) {
  texts_.push_back(text);
  if (orders(op_) || is_equality(op_)) {
    if (auto at = parse_time(text, now()); at.ok()) append(times_, integers_where(op_, at->count));
    if (auto duration = parse_duration(text); duration.ok())
      append(durations_, integers_where(op_, duration->count));
  }
  if (auto trace = parse_trace_id(text)) trace_ids_.emplace_back(trace->view());
  if (auto span = SpanId::from_hex(text)) span_ids_.emplace_back(span->view());
}

const std::vector<IntegerRange>& Literals::integer_ranges(ColumnType type) const {
  if (type == ColumnType::time) return times_;
  return type == ColumnType::duration ? durations_ : integers_;
}

const std::vector<std::string>& Literals::wanted(ColumnType type) const {
  if (type == ColumnType::trace_id) return trace_ids_;
  return type == ColumnType::span_id ? span_ids_ : texts_;
}

bool Literals::matches(std::string_view value, ColumnType type) const {
  if (op_ == Operator::exists) return true;
  if (is_equality(op_)) {
    const std::vector<std::string>& texts = wanted(type);
    return std::find(texts.begin(), texts.end(), value) != texts.end();
  }
  bool is_id = type == ColumnType::trace_id || type == ColumnType::span_id;
  return is_id ? matches_text(hex_of(value)) : matches_text(value);
}

bool Literals::matches_text(std::string_view value) const {
  if (texts_.empty()) return false;
  const std::string& text = texts_[0];
  switch (op_) {
    case Operator::greater:
      return value > text;
    case Operator::greater_or_equal:
      return value >= text;
    case Operator::less:
      return value < text;
    case Operator::less_or_equal:
      return value <= text;
    case Operator::contains:
      return value.find(text) != std::string_view::npos;
    case Operator::starts_with:
      return value.starts_with(text);
    case Operator::ends_with:
      return value.ends_with(text);
    case Operator::matches:
      return re2::RE2::PartialMatch(value, *pattern_);
    default:
      return false;
  }
}

std::string_view Literals::substring() const {
  if (op_ != Operator::contains || texts_.size() != 1) return {};
  return texts_[0];
}

}  // namespace clew::query
