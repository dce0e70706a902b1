// RequestBuilder: puts encoded items back under their resources and scopes, as one OTLP export request.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "store/columnar/item_encoder.h"

namespace clew::store {

class RequestBuilder {
 public:
  // `envelope`: see origin.h.
  void add(std::string_view envelope, std::string_view item);
  void add(std::string_view envelope, const MetricPoint& point);

  uint64_t items() const { return items_; }
  // An Export…ServiceRequest (TracesData, LogsData and MetricsData are the same). Empties the builder.
  std::string take();

 private:
  struct Metric {
    uint32_t kind = 0;
    std::string fields, data;  // the data with its points
  };
  struct Origin {
    std::string items;
    std::map<std::string, Metric> metrics;
  };
  uint64_t items_ = 0;
  std::map<std::string, Origin, std::less<>> origins_;
};

}  // namespace clew::store
