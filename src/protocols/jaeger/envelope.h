// Envelope: what every answer of Jaeger's first query API is wrapped in, failures too.
#pragma once

#include <string>
#include <vector>

#include "base/json_writer.h"
#include "net/http.h"

namespace clew::jaeger {

class Envelope {
 public:
  Envelope() { json_.begin_object().key("data"); }
  // For one value.
  JsonWriter& data() { return json_; }
  // `missing`: the ids of traces that are not there while others are.
  net::Response finish(size_t total, const std::vector<std::string>& missing = {});

 private:
  JsonWriter json_;
};

net::Response enveloped(const Status& failure);

}  // namespace clew::jaeger
