#include "pipeline/otlp/span_walk.h"

#include <fmt/format.h>

#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"

namespace clew::pipeline {

Status walk_spans(std::string_view request, const std::function<void(const SpanPlace&)>& visit) {
  try {
    MessageEditor whole, resource_spans, scope_spans, resource, scope, span;
    whole.reset(request, 0);
    whole.for_each(otlp::request::resources, [&](std::string_view resource_message) {
      resource_spans.reset(resource_message, 0);
      const std::string_view resource_bytes = resource_spans.bytes(otlp::resource_items::resource);
      resource.reset(resource_bytes, otlp::resource::attributes);
      resource_spans.for_each(otlp::resource_items::scopes, [&](std::string_view scope_message) {
        scope_spans.reset(scope_message, 0);
        scope.reset(scope_spans.bytes(otlp::scope_items::scope), otlp::scope::attributes);
        scope_spans.for_each(otlp::scope_items::items, [&](std::string_view bytes) {
          span.reset(bytes, otlp::span::attributes);
          visit({resource_bytes, resource, scope, span});
        });
      });
    });
    return {};
  } catch (const protozero::exception& malformed) {
    return {ErrorKind::bad_input, fmt::format("not an OTLP request: {}", malformed.what())};
  }
}

}  // namespace clew::pipeline
