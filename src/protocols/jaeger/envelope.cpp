#include "protocols/jaeger/envelope.h"

namespace clew::jaeger {
namespace {

JsonWriter& write_page(JsonWriter& json, size_t total) {
  return json.key("total").integer(total).key("limit").integer(0).key("offset").integer(0);
}

}  // namespace

net::Response Envelope::finish(size_t total, const std::vector<std::string>& missing) {
  write_page(json_, total).key("errors");
  if (missing.empty()) {
    json_.null();
  } else {
    json_.begin_array();
    for (const std::string& trace : missing) {
      json_.begin_object().key("code").integer(404).key("msg").string("trace not found");
      json_.key("traceID").string(trace).end_object();
    }
    json_.end_array();
  }
  json_.end_object();
  return net::json_response(200, json_.take());
}

net::Response enveloped(const Status& failure) {
  const int code = net::http_status_of(failure.kind());
  JsonWriter json;
  write_page(json.begin_object().key("data").null(), 0).key("errors").begin_array();
  json.begin_object().key("code").integer(code).key("msg").string(failure.message()).end_object();
  json.end_array().end_object();
  return net::json_response(code, json.take());
}

}  // namespace clew::jaeger
