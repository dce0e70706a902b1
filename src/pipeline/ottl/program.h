// Statements and conditions of OTTL, checked and ready to run.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/ottl/path.h"
#include "pipeline/ottl/subject.h"
#include "pipeline/ottl/syntax.h"

namespace clew::pipeline::ottl {

using Condition = std::function<Result<bool>(Subject&)>;

struct Statement {
  Getter run;
  Condition where;  // may be empty
  // Whether `where` was true. Throws protozero::exception when the message is malformed.
  Result<bool> apply(Subject& subject) const;
};

// bad_input: "column 12: …".
Result<Statement> compile_statement(std::string_view text, Context context);
Result<Condition> compile_condition(std::string_view text, Context context);

// The innermost context that the paths name ("span.name"); nullopt when none names one.
Result<std::optional<Context>> context_of_statement(std::string_view text);
Result<std::optional<Context>> context_of_condition(std::string_view text);

}  // namespace clew::pipeline::ottl
