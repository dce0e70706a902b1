// The functions that webhook templates may call.
#pragma once

#include <string_view>
#include <vector>

#include "base/json_value.h"

namespace clew::honeycomb {

struct TemplateFunction {
  std::string_view name;
  JsonValue (*run)(const std::vector<JsonValue>& arguments);  // there is one at least
  bool gives_json = false;                                    // as a text, to be written as it is
};

const TemplateFunction* find_template_function(std::string_view name);
// What `if` takes for true: neither nothing, nor zero, nor empty.
bool is_true(const JsonValue& value);

}  // namespace clew::honeycomb
