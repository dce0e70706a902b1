// Path: a field of a message, as statements name it: span.name, attributes["a"]["b"], status.code.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/ottl/path_fields.h"
#include "pipeline/ottl/subject.h"
#include "pipeline/ottl/value.h"

namespace clew::pipeline::ottl {

// An expression that is ready to run.
using Getter = std::function<Result<Value>(Subject&)>;

class Path {
 public:
  Path(Context context, const PathField& field, std::vector<Getter> keys)
      : context_(context), field_(field), keys_(std::move(keys)) {}

  // nil when there is nothing.
  Result<Value> get(Subject& subject) const;
  // Setting nil does nothing.
  Status set(Subject& subject, const Value& value) const;
  // Of a map: those that `goes` is true for.
  Status remove_keys(Subject& subject, const std::function<bool(std::string_view)>& goes) const;

 private:
  Result<std::vector<Value>> keys_of(Subject& subject) const;

  const Context context_;
  const PathField& field_;
  const std::vector<Getter> keys_;
};

// What is under a key of a map or at a place of a list; nil when there is nothing.
Value value_under(const Value& value, const Value& key);

}  // namespace clew::pipeline::ottl
