// The functions of Logs Insights that look at one row: one visible table.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "protocols/cloudwatch_logs/insights_evaluate.h"
#include "protocols/cloudwatch_logs/insights_value.h"

namespace clew::cloudwatch_logs::insights {

using Arguments = std::vector<Value>;

struct Function {
  std::string_view name;  // in small letters
  Arity arity;
  Value (*call)(const Arguments& arguments, const Scope& scope);
};

std::span<const Function> all_functions();
const Function* find_function(std::string_view name);

}  // namespace clew::cloudwatch_logs::insights
