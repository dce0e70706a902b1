// MessagePack, as far as events are written in it, read into a JsonValue.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/json_value.h"
#include "base/result.h"

namespace clew::honeycomb {

// Keys of maps that are not texts are read as the text of their number. Binary becomes base64, a timestamp an
// RFC 3339 text, any other extension null. bad_input when it is cut short, when something follows, or when it
// is nested deeper than `deepest`.
Result<JsonValue> parse_msgpack(std::string_view bytes, size_t deepest = 64);

}  // namespace clew::honeycomb
