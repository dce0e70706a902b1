// Reads a webhook template: text, and actions between braces, some of which have a body that others end.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "protocols/honeycomb/webhook_template_nodes.h"

namespace clew::honeycomb {

// bad_input: what is wrong, and in which line.
Result<std::vector<TemplateNode>> parse_template(std::string_view text);

}  // namespace clew::honeycomb
