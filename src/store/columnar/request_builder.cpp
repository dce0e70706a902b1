#include "store/columnar/request_builder.h"

#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"

namespace clew::store {
namespace {

std::string_view view_of(protozero::data_view view) {
  return {view.data(), view.size()};
}

// The envelope with items inside its scope. One that does not parse is left out: its items count more.
std::string fill(std::string_view envelope, std::string_view items) {
  std::string filled, scope;
  ProtobufWriter to(filled);
  try {
    ProtobufReader reader(envelope.data(), envelope.size());
    while (reader.next()) {
      const uint32_t field = reader.tag();
      const std::string_view value = view_of(reader.get_view());
      if (field == otlp::resource_items::scopes)
        scope += value;
      else
        to.bytes(field, value);
    }
  } catch (const protozero::exception&) {
    filled.clear();
    scope.clear();
  }
  const auto scopes = to.begin_message(otlp::resource_items::scopes);
  filled += scope;
  filled += items;
  to.end_message(scopes);
  return filled;
}

}  // namespace

void RequestBuilder::add(std::string_view envelope, std::string_view item) {
  auto origin = origins_.find(envelope);
  if (origin == origins_.end()) origin = origins_.emplace(envelope, Origin{}).first;
  ProtobufWriter(origin->second.items).bytes(otlp::scope_items::items, item);
  ++items_;
}

void RequestBuilder::add(std::string_view envelope, const MetricPoint& point) {
  auto origin = origins_.find(envelope);
  if (origin == origins_.end()) origin = origins_.emplace(envelope, Origin{}).first;
  std::string key = point.metric;
  key += static_cast<char>(point.kind);
  Metric& metric = origin->second.metrics[key += point.data];
  if (metric.kind == 0) metric = {.kind = point.kind, .fields = point.metric, .data = point.data};
  ProtobufWriter(metric.data).bytes(otlp::metric_data::points, point.point);
  ++items_;
}

std::string RequestBuilder::take() {
  std::string request;
  for (auto& [envelope, origin] : origins_) {
    for (const auto& [key, metric] : origin.metrics) {
      std::string message = metric.fields;
      ProtobufWriter(message).bytes(metric.kind, metric.data);
      ProtobufWriter(origin.items).bytes(otlp::scope_items::items, message);
    }
    ProtobufWriter(request).bytes(otlp::request::resources, fill(envelope, origin.items));
  }
  origins_.clear();
  items_ = 0;
  return request;
}

}  // namespace clew::store
