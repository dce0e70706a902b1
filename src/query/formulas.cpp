#include "query/formulas.h"

#include <algorithm>

namespace clew::query {
namespace {

Scalar scalar_of(const Value& value) {
  if (const auto* integer = std::get_if<int64_t>(&value)) return Scalar::of(*integer);
  if (const auto* real = std::get_if<double>(&value)) return Scalar::of(*real);
  if (const auto* at = std::get_if<UnixNanos>(&value)) return Scalar::of_time(at->count);
  return {};
}

Value value_of(const Scalar& scalar) {
  switch (scalar.kind) {
    case Scalar::Kind::boolean:
      return scalar.boolean;
    case Scalar::Kind::integer:
      return scalar.integer;
    case Scalar::Kind::real:
      return number_value(scalar.real);
    case Scalar::Kind::text:
      return std::string(scalar.view());
    case Scalar::Kind::time:
      return UnixNanos{scalar.integer};
    case Scalar::Kind::null:
      break;
  }
  return {};
}

}  // namespace

Formulas::Formulas(const Plan& plan) {
  for (const Calculation& calculation : plan.calculations) {
    std::optional<Formula>& formula = formulas_.emplace_back();
    if (calculation.kind != CalculationKind::formula) continue;
    auto compiled = compile_field({calculation.alias, calculation.expression}, {});
    if (!compiled.ok()) continue;
    formula.emplace().compiled = std::move(compiled).value();
    for (const ColumnName& input : formula->compiled.inputs) {
      const auto named = std::find_if(plan.calculations.begin(), plan.calculations.end(),
                                      [&](const Calculation& one) { return name_of(one) == input.name; });
      formula->inputs.push_back(static_cast<size_t>(named - plan.calculations.begin()));
    }
  }
}

Value Formulas::value(size_t calculation, const std::function<Value(size_t)>& calculated) const {
  const std::optional<Formula>& formula = formulas_[calculation];
  if (!formula) return {};
  std::vector<Scalars> inputs;
  for (const size_t input : formula->inputs) inputs.push_back({{scalar_of(calculated(input))}, true});
  TextArena arena;
  return value_of(evaluate(formula->compiled.root, 1, inputs, arena).of(0));
}

void Formulas::fill(std::vector<Value>& values) const {
  for (size_t i = 0; i < formulas_.size(); ++i) {
    if (formulas_[i]) values[i] = value(i, [&](size_t input) { return values[input]; });
  }
}

}  // namespace clew::query
