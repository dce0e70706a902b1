// Frames as JSON: {"file", "method", "line", "column", "in_app", "code"} and whatever else is known of them
// (pre, post, locals, …), which the program passes through.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "control/errors/stack_text.h"

namespace clew::control::errors {

JsonValue to_json(const std::vector<Frame>& frames);
// What is no frame is left out; in_app is worked out where it is missing.
std::vector<Frame> frames_from_json(const JsonValue& json, Language language);
Language language_named(std::string_view name);

}  // namespace clew::control::errors
