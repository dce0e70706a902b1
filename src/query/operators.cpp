#include "query/operators.h"

#include <array>

namespace clew::query {
namespace {

constexpr std::array kOperators = {
    OperatorInfo{Operator::equal, "=", Operands::one, {}},
    OperatorInfo{Operator::not_equal, "!=", Operands::one, Operator::equal},
    OperatorInfo{Operator::greater, ">", Operands::one, {}},
    OperatorInfo{Operator::greater_or_equal, ">=", Operands::one, {}},
    OperatorInfo{Operator::less, "<", Operands::one, {}},
    OperatorInfo{Operator::less_or_equal, "<=", Operands::one, {}},
    OperatorInfo{Operator::in, "in", Operands::many, {}},
    OperatorInfo{Operator::not_in, "not-in", Operands::many, Operator::in},
    OperatorInfo{Operator::exists, "exists", Operands::none, {}},
    OperatorInfo{Operator::does_not_exist, "does-not-exist", Operands::none, Operator::exists},
    OperatorInfo{Operator::contains, "contains", Operands::one, {}},
    OperatorInfo{Operator::does_not_contain, "does-not-contain", Operands::one, Operator::contains},
    OperatorInfo{Operator::starts_with, "starts-with", Operands::one, {}},
    OperatorInfo{Operator::does_not_start_with, "does-not-start-with", Operands::one, Operator::starts_with},
    OperatorInfo{Operator::ends_with, "ends-with", Operands::one, {}},
    OperatorInfo{Operator::does_not_end_with, "does-not-end-with", Operands::one, Operator::ends_with},
    OperatorInfo{Operator::matches, "matches", Operands::one, {}},
    OperatorInfo{Operator::does_not_match, "does-not-match", Operands::one, Operator::matches},
};

constexpr bool in_order_of_the_enumeration() {
  for (size_t i = 0; i < kOperators.size(); ++i) {
    if (static_cast<size_t>(kOperators[i].op) != i) return false;
  }
  return true;
}
static_assert(in_order_of_the_enumeration());

}  // namespace

std::span<const OperatorInfo> all_operators() {
  return kOperators;
}
const OperatorInfo& info_of(Operator op) {
  return kOperators[static_cast<size_t>(op)];
}

}  // namespace clew::query
