// walk_spans: every span of a request, to look at.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "pipeline/otlp/message_editor.h"

namespace clew::pipeline {

struct SpanPlace {
  std::string_view resource_bytes;  // the Resource message; the same view for its neighbours
  MessageEditor& resource;
  MessageEditor& scope;
  MessageEditor& span;
};

// What `visit` sees is valid during the call. bad_input when malformed.
Status walk_spans(std::string_view request, const std::function<void(const SpanPlace&)>& visit);

}  // namespace clew::pipeline
