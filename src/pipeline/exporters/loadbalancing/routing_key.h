// RoutingKey: what of a span, log record or metric decides which backend gets it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/otlp/item_walk.h"
#include "pipeline/otlp/message_editor.h"
#include "telemetry/batch.h"

namespace clew::pipeline {

struct RoutingKeySettings {
  enum class By : uint8_t { trace_id, service, resource, metric, attributes };
  By by = By::trace_id;
  std::vector<std::string> attributes;  // by their values; also span.name and span.kind
};

// Of the items of one request, one after the other, by one thread.
class RoutingKey {
 public:
  // What a signal does not have (the trace id of metrics, the metric of spans) gives way to its usual key:
  // the trace id of spans and log records, the service of metrics and of what has no trace id.
  RoutingKey(const RoutingKeySettings& settings, Signal signal);

  // Valid until the next call. Throws protozero::exception when the item is malformed.
  std::string_view of(const ItemPlace& place);

 private:
  void look_at_resource(const ItemPlace& place);
  std::string_view trace_id(std::string_view item);
  void add_attribute(const ItemPlace& place, const std::string& name);

  const RoutingKeySettings& settings_;
  const Signal signal_;
  const RoutingKeySettings::By by_;
  MessageEditor envelope_, resource_, scope_envelope_, scope_, item_;
  uint32_t resource_number_ = 0, scope_number_ = 0;  // that the above are of; 0: none
  std::string of_resource_;                          // service, or all attributes
  std::string key_;
};

}  // namespace clew::pipeline
