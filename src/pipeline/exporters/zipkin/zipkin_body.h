// From an OTLP request of spans to the body that Zipkin's POST /api/v2/spans takes.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "pipeline/exporters/zipkin/zipkin_span.h"

namespace clew::pipeline {

// A resource is repeated in each of its spans, so that few bytes can become very many.
constexpr size_t kMostZipkinBytes = size_t{64} << 20;

struct ZipkinBody {
  std::string bytes;
  uint64_t spans = 0;    // in it
  uint64_t refused = 0;  // not in it: they have no trace id or no span id
};

// Spans without service.name are those of `default_service`. bad_input when the request is malformed,
// too_large when the body would be larger than `most_bytes`.
Result<ZipkinBody> zipkin_body(std::string_view request, const std::string& default_service,
                               ZipkinFormat format, size_t most_bytes = kMostZipkinBytes);

}  // namespace clew::pipeline
