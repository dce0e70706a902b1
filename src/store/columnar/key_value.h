// A KeyValue message taken apart: what attributes, labels and the entries of maps are made of.
#pragma once

#include <string_view>

#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"

namespace clew::store {

inline std::string_view view_of(protozero::data_view view) {
  return {view.data(), view.size()};
}

struct KeyValue {
  std::string_view key, value;  // empty when absent; the last of several counts
};

// Throws protozero::exception when malformed.
inline KeyValue read_key_value(std::string_view message) {
  KeyValue pair;
  ProtobufReader reader(message.data(), message.size());
  while (reader.next()) {
    if (reader.tag() == otlp::key_value::key)
      pair.key = view_of(reader.get_view());
    else if (reader.tag() == otlp::key_value::value)
      pair.value = view_of(reader.get_view());
    else
      reader.skip();
  }
  return pair;
}

}  // namespace clew::store
