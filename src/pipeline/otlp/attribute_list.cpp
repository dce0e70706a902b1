#include "pipeline/otlp/attribute_list.h"

#include <algorithm>

#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"
#include "telemetry/protobuf_writer.h"

namespace clew::pipeline {

void AttributeList::add_encoded(std::string_view key_value) {
  Attribute attribute{.key = {}, .value = {}, .whole = key_value};
  ProtobufReader reader(key_value.data(), key_value.size());
  while (reader.next()) {
    if (reader.tag() == otlp::key_value::key) {
      const auto view = reader.get_view();
      attribute.key = {view.data(), view.size()};
    } else if (reader.tag() == otlp::key_value::value) {
      const auto view = reader.get_view();
      attribute.value = {view.data(), view.size()};
    } else {
      reader.skip();
    }
  }
  attributes_.push_back(attribute);
}

void AttributeList::clear() {
  attributes_.clear();
  arena_.clear();
  changed_ = false;
}

const Attribute* AttributeList::find(std::string_view key) const {
  const auto it = std::find_if(attributes_.begin(), attributes_.end(),
                               [&](const Attribute& attribute) { return attribute.key == key; });
  return it == attributes_.end() ? nullptr : &*it;
}

void AttributeList::set(std::string_view key, std::string_view any_value) {
  if (const Attribute* there = find(key))
    return replace(static_cast<size_t>(there - attributes_.data()), any_value);
  attributes_.push_back({.key = arena_.keep(key), .value = arena_.keep(any_value), .whole = {}});
  changed_ = true;
}

void AttributeList::replace(size_t index, std::string_view any_value) {
  attributes_[index].value = arena_.keep(any_value);
  attributes_[index].whole = {};
  changed_ = true;
}

bool AttributeList::remove(std::string_view key) {
  return remove_if([&](const Attribute& attribute) { return attribute.key == key; }) > 0;
}

void AttributeList::append_to(std::string& message, uint32_t number) const {
  ProtobufWriter writer(message);
  for (const Attribute& attribute : attributes_) {
    if (!attribute.whole.empty()) {
      writer.bytes(number, attribute.whole);
      continue;
    }
    const auto key_value = writer.begin_message(number);
    writer.bytes(otlp::key_value::key, attribute.key);
    writer.bytes(otlp::key_value::value, attribute.value);
    writer.end_message(key_value);
  }
}

}  // namespace clew::pipeline
