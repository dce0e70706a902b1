// The comparison operators of a filter: one table for the parsers, the printers and the documentation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace clew::query {

enum class Operator : uint8_t {
  equal,
  not_equal,
  greater,
  greater_or_equal,
  less,
  less_or_equal,
  in,
  not_in,
  exists,
  does_not_exist,
  contains,
  does_not_contain,
  starts_with,
  does_not_start_with,
  ends_with,
  does_not_end_with,
  matches,
  does_not_match,
};

enum class Operands : uint8_t { none, one, many };

struct OperatorInfo {
  Operator op;
  std::string_view name;  // as written in a specification and in the short form
  Operands operands;
  // The operator of which this one is the exact opposite, so that rows without a value match. nullopt: not
  // negative.
  std::optional<Operator> opposite_of;
};

std::span<const OperatorInfo> all_operators();
const OperatorInfo& info_of(Operator op);

}  // namespace clew::query
