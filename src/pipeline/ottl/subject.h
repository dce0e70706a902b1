// Subject: what a statement is run on: one message, with what it stands in.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "pipeline/otlp/rewrite.h"
#include "pipeline/ottl/value.h"

namespace clew::pipeline::ottl {

// From the outside to the inside.
enum class Context : uint8_t { resource, scope, span, spanevent, log, metric, datapoint };

std::string_view name_of(Context context);
std::optional<Context> context_named(std::string_view name);
// Whether a statement that runs on `inner` can see the `outer` one.
bool stands_in(Context inner, Context outer);
Signal signal_of(Context context);  // of scopes and resources traces; they are in all

struct Subject {
  Context context = Context::resource;
  MessageEditor* resource = nullptr;
  MessageEditor* scope = nullptr;
  MessageEditor* item = nullptr;   // a Span, LogRecord or Metric
  MessageEditor* event = nullptr;  // of spans
  MessageEditor* point = nullptr;  // of metrics
  uint32_t point_kind = 0;         // the field of the Metric that the point is in
  int64_t event_index = 0;
  Value::Map cache{};  // what statements keep for the next ones
  Value given{};       // what a function hands to another

  MessageEditor& message(Context which) const {
    switch (which) {
      case Context::resource:
        return *resource;
      case Context::scope:
        return *scope;
      case Context::spanevent:
        return *event;
      case Context::datapoint:
        return *point;
      default:
        return *item;
    }
  }
};

}  // namespace clew::pipeline::ottl
