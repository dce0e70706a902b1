// walk_items: every span, log record or metric of a request, with the resource and the scope it stands in, as
// views of the request's bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "telemetry/batch.h"

namespace clew::pipeline {

struct ItemPlace {
  // All fields of the Resource{Spans,Logs,Metrics} message but its scopes, and of the Scope… message but its
  // items, as they were on the wire.
  std::string_view resource_envelope;
  std::string_view scope_envelope;
  std::string_view item;         // a Span, LogRecord or Metric message
  uint32_t resource_number = 0;  // changes with every resource and scope of the request
  uint32_t scope_number = 0;
};

// The views are valid during the call. bad_input when the envelopes are malformed. What `visit` throws of
// protozero's exceptions counts as malformed too.
Status walk_items(std::string_view request, const std::function<void(const ItemPlace&)>& visit);

// Puts items together to a request again. Neighbours of one resource and scope share its envelope.
class RequestBuilder {
 public:
  void add(const ItemPlace& place);
  bool empty() const { return items_ == 0; }
  uint64_t messages() const { return items_; }  // spans, log records, metrics (not points)
  // The request; the builder is as new afterwards.
  std::string take();

 private:
  void end_scope();
  void end_resource();

  std::string request_;
  std::string resource_;  // the one being built
  std::string scope_;
  uint32_t resource_number_ = 0;
  uint32_t scope_number_ = 0;
  uint64_t items_ = 0;
};

}  // namespace clew::pipeline
