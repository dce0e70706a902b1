// ColumnName: how a plan refers to a column, by the flat name a user types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/segment.h"

namespace clew::query {

// Whose column is meant: the row's own, or that of another span of its trace.
enum class Relation : uint8_t {
  own,
  root,    // the earliest span without a parent, else the earliest of all
  parent,  // the span's parent
  child,   // the span's earliest child that matches all conditions on `child.`
  any,     // the trace's earliest span that matches all conditions on `any.`
  any2,    // another such span: its conditions are its own
  any3,
  none,  // in conditions only: no span of the trace matches all conditions on `none.`
};

// "root." and so on; empty for own.
std::string_view prefix_of(Relation relation);

// Without a scope the name is looked for in attributes, then intrinsic fields, then the instrumentation
// scope, then the resource; row by row, the first that has a value counts. Within a scope, columns of
// different types coalesce.
struct ColumnName {
  std::string name;
  std::optional<store::Scope> scope;
  Relation relation = Relation::own;
  bool operator==(const ColumnName&) const = default;
};

// "root.name" is the name of the root; what has no such prefix is the row's own.
ColumnName column_with_relation(std::string_view text);
// As results show it.
std::string full_name(const ColumnName& column);

}  // namespace clew::query
