#include "protocols/cloudwatch_logs/metric_filter.h"

#include "base/json_writer.h"

namespace clew::cloudwatch_logs {

std::string MetricFilter::body() const {
  JsonWriter json;
  json.begin_object().key("pattern").string(pattern).key("metric").string(metric);
  json.key("space").string(space).key("value").string(value).key("unit").string(unit);
  if (default_value) json.key("default").number(*default_value);
  json.key("dimensions").begin_object();
  for (const auto& [dimension, selector] : dimensions) json.key(dimension).string(selector);
  return json.end_object().end_object().take();
}

MetricFilter MetricFilter::of_body(const JsonValue& body) {
  const auto text = [&](std::string_view name) {
    const JsonValue* found = body.find(name);
    return found == nullptr || found->string() == nullptr ? std::string() : *found->string();
  };
  MetricFilter filter;
  filter.pattern = text("pattern");
  filter.metric = text("metric");
  filter.space = text("space");
  filter.value = text("value");
  filter.unit = text("unit");
  if (const JsonValue* otherwise = body.find("default")) filter.default_value = otherwise->number();
  const JsonValue* given = body.find("dimensions");
  if (given != nullptr && given->object() != nullptr) {
    for (const JsonValue::Member& one : *given->object())
      if (one.value.string() != nullptr) filter.dimensions.emplace(one.name, *one.value.string());
  }
  return filter;
}

}  // namespace clew::cloudwatch_logs
