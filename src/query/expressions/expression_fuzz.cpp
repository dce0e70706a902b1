#include "base/fuzz.h"
#include "base/log.h"
#include "query/calculated_field.h"
#include "query/expressions/expression.h"

// Any bytes as an expression: it is computed over rows of every type, or it is a sentence.
CLEW_FUZZ(query_expression) {
  using namespace clew::query;
  const CalculatedField field{"field", std::string(bytes)};
  const auto compiled = compile_field(field, std::span(&field, 1));
  if (!compiled.ok()) {
    if (compiled.status().message().empty()) clew::bug("a refusal without a sentence");
    return;
  }
  TextArena arena;
  Scalars all;
  all.values = {Scalar(),
                Scalar::of(true),
                Scalar::of(int64_t{-7}),
                Scalar::of(1e300),
                Scalar::of(std::string_view("a 5 é \xff")),
                Scalar::of_time(INT64_MAX)};
  const std::vector<Scalars> inputs(compiled->inputs.size(), all);
  const auto rows = static_cast<uint32_t>(all.values.size());
  const Scalars result = evaluate(compiled->root, rows, inputs, arena);
  if (result.values.size() != (result.same_for_all ? 1 : rows)) clew::bug("another number of rows");
}
