#include "query/testing/naive_rows.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <re2/re2.h>

#include "base/hex.h"
#include "query/derived_columns.h"
#include "query/operators.h"
#include "telemetry/ids.h"
#include "telemetry/semantic_names.h"

namespace clew::query::testing {
namespace {

using store::ColumnType;
using store::Scope;

// A value with the type of the column it came from.
struct Typed {
  ColumnType type;
  StoredValue stored;
};

int rank_of(Scope scope) {
  switch (scope) {
    case Scope::attribute:
      return 0;
    case Scope::intrinsic:
      return 1;
    case Scope::instrumentation:
      return 2;
    default:
      return 3;
  }
}

std::optional<Typed> derived_value(const DerivedColumn& derived, const TableRow& row, Signal signal) {
  const Cell* source = find_intrinsic(row, derived.source);
  switch (derived.derivation) {
    case Derivation::stored:
      if (source) return Typed{source->column.type, source->value};
      return std::nullopt;
    case Derivation::milliseconds:
      if (source)
        return Typed{ColumnType::float64, static_cast<double>(std::get<int64_t>(source->value)) * 1e-6};
      return std::nullopt;
    case Derivation::missing:
      if (find_intrinsic(row, names::kSpanId)) return Typed{ColumnType::boolean, source == nullptr};
      return std::nullopt;
    case Derivation::signal_name:
      return Typed{ColumnType::string, std::string(signal_name_in_rows(signal))};
    case Derivation::log_of_span:
      if (find_intrinsic(row, names::kSeverity) && source)
        return Typed{ColumnType::string, std::string("span_event")};
      return std::nullopt;
    case Derivation::zero:
      if (source) return Typed{ColumnType::int64, int64_t{0}};
      return std::nullopt;
    case Derivation::library:
      if (source && is_instrumentation_library(std::get<std::string>(source->value)))
        return Typed{ColumnType::boolean, true};
      return std::nullopt;
    case Derivation::calculated:
      break;
  }
  return std::nullopt;
}

std::optional<Typed> find_value(const ColumnName& name, const TableRow& row, Signal signal) {
  std::optional<std::tuple<int, bool, ColumnType>> best;
  std::optional<Typed> value;
  auto offer = [&](Scope scope, bool derived, const Typed& typed) {
    std::tuple key(rank_of(scope), derived, typed.type);
    if (best && *best <= key) return;
    best = key;
    value = typed;
  };
  for (const Cell& cell : row) {
    if (cell.column.name == name.name && (!name.scope || *name.scope == cell.column.scope))
      offer(cell.column.scope, false, {cell.column.type, cell.value});
  }
  for (const DerivedColumn& derived : derived_columns()) {
    if (derived.name != name.name || (name.scope && *name.scope != Scope::intrinsic)) continue;
    if (auto typed = derived_value(derived, row, signal)) offer(Scope::intrinsic, true, *typed);
  }
  return value;
}

Value value_of(const Typed& typed) {
  switch (typed.type) {
    case ColumnType::time:
      return UnixNanos{std::get<int64_t>(typed.stored)};
    case ColumnType::int64:
    case ColumnType::duration:
      return std::get<int64_t>(typed.stored);
    case ColumnType::float64:
      return number_value(std::get<double>(typed.stored));
    case ColumnType::boolean:
      return std::get<bool>(typed.stored);
    case ColumnType::trace_id:
    case ColumnType::span_id:
      return hex_of(std::get<std::string>(typed.stored));
    default:
      return std::get<std::string>(typed.stored);
  }
}

// A literal as it compares with a column of this type: null when it never does.
Value literal_for(const Value& literal, ColumnType type, bool as_text) {
  const auto* text = std::get_if<std::string>(&literal);
  if (is_stringlike(type)) {
    if (!text) return {};
    if (as_text) return *text;
    if (type == ColumnType::trace_id) {
      auto id = parse_trace_id(*text);
      return id ? Value(id->to_hex()) : Value();
    }
    if (type == ColumnType::span_id) {
      auto id = SpanId::from_hex(*text);
      return id ? Value(id->to_hex()) : Value();
    }
    return *text;
  }
  if (type == ColumnType::boolean) return std::holds_alternative<bool>(literal) ? literal : Value();
  if (type == ColumnType::time) {
    if (const auto* at = std::get_if<UnixNanos>(&literal)) return at->count;
    if (text) {
      auto at = parse_time(*text, now());
      return at.ok() ? Value(at->count) : Value();
    }
  }
  if (type == ColumnType::duration && text) {
    auto duration = parse_duration(*text);
    return duration.ok() ? Value(duration->count) : Value();
  }
  auto number = number_in(literal);
  return number && !std::isnan(*number) ? literal : Value();
}

bool matches_text(Operator op, const std::string& value, const std::string& part) {
  switch (op) {
    case Operator::contains:
      return value.find(part) != std::string::npos;
    case Operator::starts_with:
      return value.starts_with(part);
    case Operator::ends_with:
      return value.ends_with(part);
    default:
      return RE2::PartialMatch(value, part);
  }
}

bool matches_positive(Operator op, const std::vector<Value>& literals, const Typed& typed) {
  if (op == Operator::exists) return true;
  // Times compare as their nanoseconds.
  Value value = typed.type == ColumnType::time ? Value(std::get<int64_t>(typed.stored)) : value_of(typed);
  if (typed.type == ColumnType::float64) value = std::get<double>(typed.stored);
  bool equality = op == Operator::equal || op == Operator::in;
  bool ordered = op >= Operator::greater && op <= Operator::less_or_equal;
  return std::any_of(literals.begin(), literals.end(), [&](const Value& original) {
    Value literal = literal_for(original, typed.type, !equality);
    if (is_null(literal)) return false;
    if (!equality && !ordered) {
      return std::holds_alternative<std::string>(literal) && is_stringlike(typed.type) &&
             matches_text(op, std::get<std::string>(value), std::get<std::string>(literal));
    }
    if (std::holds_alternative<bool>(literal) && ordered) return false;
    if (const auto* real = std::get_if<double>(&value); real && std::isnan(*real)) return false;
    return compares(op, compare(value, literal));
  });
}

}  // namespace

bool compares(Operator op, std::strong_ordering order) {
  switch (op) {
    case Operator::greater:
      return order > 0;
    case Operator::greater_or_equal:
      return order >= 0;
    case Operator::less:
      return order < 0;
    case Operator::less_or_equal:
      return order <= 0;
    default:
      return order == 0;
  }
}

const Cell* find_intrinsic(const TableRow& row, std::string_view name) {
  for (const Cell& cell : row) {
    if (cell.column.scope == Scope::intrinsic && cell.column.name == name) return &cell;
  }
  return nullptr;
}

int64_t time_of(const TableRow& row) {
  const Cell* cell = find_intrinsic(row, names::kTime);
  return cell ? std::get<int64_t>(cell->value) : 0;
}

UnixNanos naive_bucket(int64_t at, Nanoseconds width) {
  const int64_t remainder = (at % width.count + width.count) % width.count;
  return {at - remainder};
}

Value naive_value(const ColumnName& name, const TableRow& row, Signal signal) {
  auto typed = find_value(name, row, signal);
  return typed ? value_of(*typed) : Value();
}

bool naive_matches(const Filter& filter, const TableRow& row, Signal signal) {
  auto child_matches = [&](const Filter& child) { return naive_matches(child, row, signal); };
  switch (filter.kind) {
    case Filter::Kind::all:
      return std::all_of(filter.children.begin(), filter.children.end(), child_matches);
    case Filter::Kind::any:
      return std::any_of(filter.children.begin(), filter.children.end(), child_matches);
    case Filter::Kind::none:
      return std::none_of(filter.children.begin(), filter.children.end(), child_matches);
    case Filter::Kind::comparison:
      break;
  }
  const OperatorInfo& info = info_of(filter.op);
  auto typed = find_value(filter.column, row, signal);
  bool matches = typed && matches_positive(info.opposite_of.value_or(filter.op), filter.values, *typed);
  return matches != info.opposite_of.has_value();
}

}  // namespace clew::query::testing
