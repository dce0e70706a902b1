// How many spans one stands for, as samplers before wrote into it: the reading that the store does.
#pragma once

#include <cstdint>

#include "pipeline/otlp/message_editor.h"

namespace clew::pipeline {

// At least 1. Throws protozero::exception when the span is malformed.
uint64_t weight_of_span(MessageEditor& span);

}  // namespace clew::pipeline
