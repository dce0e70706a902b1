#include "pipeline/exporters/loadbalancing/routing_key.h"

#include <algorithm>

#include "pipeline/otlp/split_by_trace.h"
#include "telemetry/otlp_fields.h"

namespace clew::pipeline {
namespace {

using By = RoutingKeySettings::By;

By usable(By wanted, Signal signal) {
  const By usual = signal == Signal::metrics ? By::service : By::trace_id;
  const bool fits = wanted == By::trace_id ? signal != Signal::metrics
                    : wanted == By::metric ? signal == Signal::metrics
                                           : true;
  return fits ? wanted : usual;
}

uint32_t attributes_of_item(Signal signal) {
  switch (signal) {
    case Signal::traces:
      return otlp::span::attributes;
    case Signal::logs:
      return otlp::log_record::attributes;
    case Signal::metrics:
      return 0;  // its points have them, and stay together
  }
  return 0;
}

// All of them, whatever their order.
std::string joined(const AttributeList& attributes) {
  std::vector<std::string> pairs;
  for (const Attribute& one : attributes.all())
    pairs.push_back(std::string(one.key) + '\0' + std::string(one.value));
  std::sort(pairs.begin(), pairs.end());
  std::string all;
  for (const std::string& pair : pairs) all += pair + '\0';
  return all;
}

}  // namespace

RoutingKey::RoutingKey(const RoutingKeySettings& settings, Signal signal)
    : settings_(settings), signal_(signal), by_(usable(settings.by, signal)) {}

std::string_view RoutingKey::of(const ItemPlace& place) {
  if (by_ == By::trace_id) {
    const std::string_view id = trace_id(place.item);
    if (!id.empty()) return id;
  }
  if (by_ == By::metric) {
    item_.reset(place.item, 0);
    return item_.bytes(otlp::metric::name);
  }
  look_at_resource(place);
  if (by_ != By::attributes) return of_resource_;
  item_.reset(place.item, attributes_of_item(signal_));
  key_.clear();
  for (const std::string& name : settings_.attributes) add_attribute(place, name);
  return key_;
}

std::string_view RoutingKey::trace_id(std::string_view item) {
  if (signal_ == Signal::traces) return trace_id_of_span(item);
  item_.reset(item, 0);
  return item_.bytes(otlp::log_record::trace_id);
}

void RoutingKey::look_at_resource(const ItemPlace& place) {
  if (place.resource_number == resource_number_) return;
  resource_number_ = place.resource_number;
  envelope_.reset(place.resource_envelope, 0);
  resource_.reset(envelope_.bytes(otlp::resource_items::resource), otlp::resource::attributes);
  if (by_ == By::resource) {
    of_resource_ = joined(resource_.attributes());
  } else {
    const Attribute* service = resource_.attributes().find("service.name");
    of_resource_ = service != nullptr ? text_of(resource_.attributes().value_of(*service)) : std::string();
  }
}

// The resource's, else the scope's, else the item's; a name that none of them has adds nothing but itself.
void RoutingKey::add_attribute(const ItemPlace& place, const std::string& name) {
  if (place.scope_number != scope_number_) {
    scope_number_ = place.scope_number;
    scope_envelope_.reset(place.scope_envelope, 0);
    scope_.reset(scope_envelope_.bytes(otlp::scope_items::scope), otlp::scope::attributes);
  }
  key_.append(name).push_back('\0');
  for (AttributeList* list : {&resource_.attributes(), &scope_.attributes()}) {
    const Attribute* found = list->find(name);
    if (found == nullptr) continue;
    key_.append(text_of(list->value_of(*found))).push_back('\0');
    return;
  }
  if (signal_ == Signal::traces && name == "span.name") {
    key_.append(item_.bytes(otlp::span::name));
  } else if (signal_ == Signal::traces && name == "span.kind") {
    key_.append(std::to_string(item_.varint(otlp::span::kind)));
  } else if (signal_ != Signal::metrics) {
    const Attribute* found = item_.attributes().find(name);
    if (found != nullptr) key_.append(text_of(item_.attributes().value_of(*found)));
  }
  key_.push_back('\0');
}

}  // namespace clew::pipeline
