// ColumnName: how a plan refers to a column, by the flat name a user types.
#pragma once

#include <optional>
#include <string>

#include "store/segment.h"

namespace clew::query {

// Without a scope the name is looked for in attributes, then intrinsic fields, then the instrumentation
// scope, then the resource; row by row, the first that has a value counts. Within a scope, columns of
// different types coalesce.
struct ColumnName {
  std::string name;
  std::optional<store::Scope> scope;
  bool operator==(const ColumnName&) const = default;
};

}  // namespace clew::query
