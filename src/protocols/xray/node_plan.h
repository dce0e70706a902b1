// A node of X-Ray's map, as a filter expression selects it, as conditions on rows.
#pragma once

#include <string>

#include "protocols/xray/comparison_plan.h"

namespace clew::xray {

// Segments that `selector` selects, and calls that a selected segment may be inferred from or known by.
struct NodeBounds {
  RowBounds segment;
  query::Filter possible_call;
};
NodeBounds nodes(const NodeSelector& selector);

query::Filter is_of_service(const std::string& name);
// Spans that may know a node by this name: names are put together of several columns, and cut.
query::Filter mentions(const std::string& name);

}  // namespace clew::xray
