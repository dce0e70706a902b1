// Reads what stands between the braces of a webhook template: variables, literals, calls and pipes.
#pragma once

#include <string_view>

#include "base/result.h"
#include "protocols/honeycomb/webhook_template_nodes.h"

namespace clew::honeycomb {

// bad_input: what was expected, and where.
Result<TemplateExpression> parse_template_expression(std::string_view text);

}  // namespace clew::honeycomb
