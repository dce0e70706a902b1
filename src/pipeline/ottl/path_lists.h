// Fields that are lists, as values: the events and links of a span, the exemplars and buckets of a point.
#pragma once

#include <cstdint>

#include "pipeline/otlp/message_editor.h"
#include "pipeline/ottl/path_fields.h"
#include "pipeline/ottl/value.h"

namespace clew::pipeline::ottl {

bool is_list(FieldKind kind);
// Events, links, exemplars and quantiles are maps; buckets numbers. Throws protozero::exception when
// malformed.
Value read_list(FieldKind kind, MessageEditor& message, uint32_t number);

}  // namespace clew::pipeline::ottl
