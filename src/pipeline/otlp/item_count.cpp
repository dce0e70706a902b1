#include "pipeline/otlp/item_count.h"

#include <fmt/format.h>

#include "pipeline/otlp/metric_points.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"

namespace clew::pipeline {
namespace {

uint64_t count_in_scope(Signal signal, ProtobufReader scope) {
  uint64_t items = 0;
  while (scope.next()) {
    if (scope.tag() != otlp::scope_items::items) {
      scope.skip();
    } else if (signal == Signal::metrics) {
      const auto metric = scope.get_view();
      items += count_metric_points({metric.data(), metric.size()});
    } else {
      scope.get_view();
      ++items;
    }
  }
  return items;
}

}  // namespace

Result<uint64_t> count_items(Signal signal, std::string_view bytes) {
  try {
    uint64_t items = 0;
    ProtobufReader request(bytes.data(), bytes.size());
    while (request.next()) {
      if (request.tag() != otlp::request::resources) {
        request.skip();
        continue;
      }
      ProtobufReader resource = request.get_message();
      while (resource.next()) {
        if (resource.tag() == otlp::resource_items::scopes)
          items += count_in_scope(signal, resource.get_message());
        else
          resource.skip();
      }
    }
    return items;
  } catch (const protozero::exception& malformed) {
    return {ErrorKind::bad_input,
            fmt::format("not an OTLP {} request: {}", name_of(signal), malformed.what())};
  }
}

uint64_t items_of(const Batch& batch) {
  if (batch.items != 0 || batch.otlp.empty()) return batch.items;
  const Result<uint64_t> items = count_items(batch.signal, batch.otlp.view());
  return items.ok() ? *items : 0;
}

}  // namespace clew::pipeline
