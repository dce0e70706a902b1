// Origin: where rows come from, the resource and the instrumentation scope, kept once and referred to by
// every row.
//
// An origin is stored as its *envelope*: a ResourceSpans message (ResourceLogs, ResourceMetrics: same field
// numbers) with everything but the items: resource, resource schema URL, and one ScopeSpans with scope and
// scope schema URL. So the original request can be rebuilt to the byte, and attributes cost nothing per row.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "store/segment.h"

namespace clew::store {

struct OriginValue {
  Scope scope;
  ColumnType type;  // string, int64, float64, boolean, bytes, json
  std::string name;
  std::variant<std::string, int64_t, double, bool> value;
};

// Builds an envelope. `resource` and `scope` are the messages' bytes, empty when absent.
void append_envelope(std::string& out, std::string_view resource, std::string_view resource_schema,
                     std::string_view scope, std::string_view scope_schema);

// All values of an envelope, under the names of their columns. Throws protozero::exception when malformed.
std::vector<OriginValue> parse_envelope(std::string_view envelope);

// One attribute flattened: a map becomes parent.child values, an array or what is nested deeper than five
// levels JSON text; empty keys and values are left out. `visit(name, type, …)` is called for each value.
class ValueVisitor {
 public:
  virtual ~ValueVisitor() = default;
  virtual void string(std::string_view name, ColumnType type, std::string_view value) = 0;
  virtual void integer(std::string_view name, int64_t value) = 0;
  virtual void floating(std::string_view name, double value) = 0;
  virtual void boolean(std::string_view name, bool value) = 0;
};
void visit_value(std::string_view name, std::string_view any_value, ValueVisitor& visitor, int depth = 0);
void visit_key_value(std::string_view key_value, ValueVisitor& visitor);

}  // namespace clew::store
