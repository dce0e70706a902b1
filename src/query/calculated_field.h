// Calculated fields, compiled and bound: how the engine computes a named expression.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "query/computed_column.h"
#include "query/expressions/evaluate.h"
#include "query/plan.h"

namespace clew::query {

struct CompiledField {
  std::string name;
  EvaluationNode root;
  std::vector<ColumnName> inputs;  // columns of the rows
};

// Those of `fields` that a name refers to. A field may use others of the list; its own name within it, or a
// name that two of them share, means the column of the rows, the first of the list. bad_input for what cannot
// be read, for circles, and for what grows too large.
Result<CompiledField> compile_field(const CalculatedField& field, std::span<const CalculatedField> fields);
// The field a name refers to, if any.
const CalculatedField* find_field(const ColumnName& name, std::span<const CalculatedField> fields);

// In one segment.
class BoundField : public ComputedColumn {
 public:
  // `field` must outlive this.
  BoundField(const CompiledField& field, const store::Segment& segment);
  Result<std::vector<store::ColumnData>> compute(GranuleReader& reader) const override;

 private:
  const CompiledField& field_;
  std::vector<BoundColumn> inputs_;
};

}  // namespace clew::query
