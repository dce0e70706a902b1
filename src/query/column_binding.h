// Binding: from the name in a plan to the columns of one segment.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "query/column_name.h"
#include "query/derived_columns.h"
#include "store/segment.h"
#include "telemetry/batch.h"

namespace clew::query {

class ComputedColumn;

// A column that may give a row its value.
struct Candidate {
  uint32_t column = 0;  // position in Segment::columns()
  store::ColumnType type = store::ColumnType::string;
  Derivation derivation = Derivation::stored;
  // Derivation::missing: the column whose absence is asked about, if the segment has it; `column` tells the
  // spans.
  std::optional<uint32_t> source;
  const ComputedColumn* computed = nullptr;  // Derivation::calculated, of this type
};

// The first candidate that has a value in a row wins.
using BoundColumn = std::vector<Candidate>;

BoundColumn bind(const ColumnName& name, const store::Segment& segment);

// The distinct names of a plan; everything compiled from it refers to them by number.
class NameList {
 public:
  size_t add(const ColumnName& name);
  const std::vector<ColumnName>& names() const { return names_; }

 private:
  std::vector<ColumnName> names_;
};

}  // namespace clew::query
