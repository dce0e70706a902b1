// Formulas: the calculations of a plan that are computed from its others.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "query/calculated_field.h"
#include "query/plan.h"

namespace clew::query {

class Formulas {
 public:
  // Of a valid plan, which must outlive this.
  explicit Formulas(const Plan& plan);

  // Of one formula; `value_of` gives the value of another calculation.
  Value value(size_t calculation, const std::function<Value(size_t)>& value_of) const;
  // Fills in the values of all formulas.
  void fill(std::vector<Value>& values) const;

 private:
  struct Formula {
    CompiledField compiled;
    std::vector<size_t> inputs;  // calculations
  };
  std::vector<std::optional<Formula>> formulas_;  // by calculation
};

}  // namespace clew::query
