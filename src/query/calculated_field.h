// Calculated fields, compiled and bound: how the engine computes a named expression.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "query/column_binding.h"
#include "query/expressions/evaluate.h"
#include "query/plan.h"
#include "query/selection.h"

namespace clew::query {

class GranuleReader;

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
struct BoundField {
  const CompiledField* field = nullptr;
  std::vector<BoundColumn> inputs;
};

// The types that a field may have, in the order in which the candidates for it stand; in each row one at
// most.
inline constexpr store::ColumnType kFieldTypes[] = {store::ColumnType::string, store::ColumnType::int64,
                                                    store::ColumnType::float64, store::ColumnType::boolean,
                                                    store::ColumnType::time};
BoundColumn candidates_of(const BoundField& field);

// The values of the field in the rows of a granule, by type; columns without a value are left out.
Result<std::vector<store::ColumnData>> compute(const BoundField& field, GranuleReader& reader);

}  // namespace clew::query
