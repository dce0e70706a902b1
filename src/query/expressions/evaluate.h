// evaluate(): an expression over many rows at once.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "query/expressions/functions.h"
#include "query/expressions/scalar.h"

namespace re2 {
class RE2;
}

namespace clew::query {

// An expression made ready: columns are numbered, patterns compiled.
struct EvaluationNode {
  enum class Kind : uint8_t { literal, input, call };
  Kind kind = Kind::literal;
  Value literal;
  size_t input = 0;
  Function function = Function::if_;
  std::vector<EvaluationNode> arguments;
  std::shared_ptr<const re2::RE2> pattern;  // of the second argument, where it is one
};

// The values of some rows; one value stands for all of them.
struct Scalars {
  std::vector<Scalar> values;
  bool same_for_all = false;
  const Scalar& of(uint32_t row) const { return values[same_for_all ? 0 : row]; }
};

// `inputs` are by number; those that a Scalars refers to must outlive it, as must `node` and `arena`.
Scalars evaluate(const EvaluationNode& node, uint32_t rows, const std::vector<Scalars>& inputs,
                 TextArena& arena);

}  // namespace clew::query
