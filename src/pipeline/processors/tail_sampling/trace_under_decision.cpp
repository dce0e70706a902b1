#include "pipeline/processors/tail_sampling/trace_under_decision.h"

#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"

namespace clew::pipeline {
namespace {

template <typename Visit>
void for_each_field(std::string_view message, uint32_t field, Visit visit) {
  ProtobufReader reader(message.data(), message.size());
  while (reader.next()) {
    if (reader.tag() != field) {
      reader.skip();
      continue;
    }
    const auto view = reader.get_view();
    visit(std::string_view(view.data(), view.size()));
  }
}

std::string_view field_of(std::string_view message, uint32_t field) {
  std::string_view last;
  for_each_field(message, field, [&](std::string_view content) { last = content; });
  return last;
}

// Traces of unusual size leave their memory behind.
constexpr size_t kMostEditorsKept = 20'000;

}  // namespace

MessageEditor& TraceUnderDecision::next_editor(std::string_view message, uint32_t attributes_field) {
  if (used_ == editors_.size()) editors_.emplace_back();
  MessageEditor& editor = editors_[used_++];
  editor.reset(message, attributes_field);
  return editor;
}

void TraceUnderDecision::reset(const WaitingTrace& trace) {
  trace_ = &trace;
  spans_.clear();
  resources_.clear();
  used_ = 0;
  if (editors_.size() > kMostEditorsKept) editors_.clear();
  for (const std::string& request : trace.requests)
    for_each_field(request, otlp::request::resources, [&](std::string_view resource_spans) {
      MessageEditor& resource =
          next_editor(field_of(resource_spans, otlp::resource_items::resource), otlp::resource::attributes);
      resources_.push_back(&resource);
      for_each_field(resource_spans, otlp::resource_items::scopes, [&](std::string_view scope_spans) {
        MessageEditor& scope =
            next_editor(field_of(scope_spans, otlp::scope_items::scope), otlp::scope::attributes);
        for_each_field(scope_spans, otlp::scope_items::items, [&](std::string_view span) {
          spans_.push_back({&resource, &scope, &next_editor(span, otlp::span::attributes)});
        });
      });
    });
}

}  // namespace clew::pipeline
