// TraceUnderDecision: all spans of a trace that are there, for policies to look into.
#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "pipeline/otlp/message_editor.h"
#include "pipeline/traces/waiting_traces.h"

namespace clew::pipeline {

struct SpanUnderDecision {
  MessageEditor* resource;
  MessageEditor* scope;
  MessageEditor* span;
};

class TraceUnderDecision {
 public:
  // `trace` stays where it is as long as this is looked at. Throws protozero::exception when malformed.
  void reset(const WaitingTrace& trace);

  const WaitingTrace& trace() const { return *trace_; }
  const std::vector<SpanUnderDecision>& spans() const { return spans_; }
  const std::vector<MessageEditor*>& resources() const { return resources_; }

 private:
  MessageEditor& next_editor(std::string_view message, uint32_t attributes_field);

  const WaitingTrace* trace_ = nullptr;
  std::vector<SpanUnderDecision> spans_;
  std::vector<MessageEditor*> resources_;
  std::deque<MessageEditor> editors_;  // used again from trace to trace
  size_t used_ = 0;
};

}  // namespace clew::pipeline
