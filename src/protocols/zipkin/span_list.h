// A list of spans in any of Zipkin's formats, as a request of OTLP.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "protocols/zipkin/format.h"
#include "protocols/zipkin/span_to_otlp.h"

namespace clew::zipkin {

// Wholly or not at all. A failure says what Zipkin says.
Result<std::string> spans_to_otlp(std::string_view list, Format format, const TranslationOptions& options);

}  // namespace clew::zipkin
