#include "base/fuzz.h"
#include "base/json_value.h"
#include "pipeline/exporters/zipkin/zipkin_body.h"
#include "telemetry/protobuf_reader.h"

CLEW_FUZZ(zipkin_body) {
  using namespace clew;
  constexpr size_t kMost = 1 << 20;
  const auto json = pipeline::zipkin_body(bytes, "unknown", pipeline::ZipkinFormat::json, kMost);
  if (json.ok()) {
    const auto read = parse_json(json->bytes);
    if (!read.ok() || read->array() == nullptr || read->array()->size() != json->spans) std::abort();
  }
  const auto proto = pipeline::zipkin_body(bytes, "unknown", pipeline::ZipkinFormat::proto, kMost);
  if (!proto.ok()) return;
  uint64_t spans = 0;
  for (ProtobufReader reader(proto->bytes.data(), proto->bytes.size()); reader.next(); reader.skip()) ++spans;
  if (spans != proto->spans) std::abort();
}
