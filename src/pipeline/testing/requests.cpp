#include "pipeline/testing/requests.h"

#include "pipeline/otlp/any_value_view.h"
#include "pipeline/otlp/item_count.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/otlp_json.h"
#include "telemetry/protobuf_writer.h"

namespace clew::pipeline::testing {
namespace {

void write_attributes(std::string& message, uint32_t field, const TextAttributes& attributes) {
  ProtobufWriter writer(message);
  for (const auto& [key, value] : attributes) {
    const auto key_value = writer.begin_message(field);
    writer.bytes(otlp::key_value::key, key);
    writer.bytes(otlp::key_value::value, string_value(value));
    writer.end_message(key_value);
  }
}

std::string id(size_t size, uint32_t number) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < 4; ++i) bytes[size - 1 - i] = static_cast<char>(number >> (8 * i));
  return bytes;
}

// One resource with one scope, in which `write` writes the items.
template <typename Write>
std::string request_of(const TextAttributes& resource, Write write) {
  std::string bytes;
  ProtobufWriter writer(bytes);
  const auto resource_items = writer.begin_message(otlp::request::resources);
  const auto description = writer.begin_message(otlp::resource_items::resource);
  write_attributes(bytes, otlp::resource::attributes, resource);
  writer.end_message(description);
  const auto scope_items = writer.begin_message(otlp::resource_items::scopes);
  const auto scope = writer.begin_message(otlp::scope_items::scope);
  writer.bytes(otlp::scope::name, "test");
  writer.bytes(otlp::scope::version, "1.0");
  writer.end_message(scope);
  write(bytes, writer);
  writer.end_message(scope_items);
  writer.end_message(resource_items);
  return bytes;
}

}  // namespace

std::string span_request(const TextAttributes& resource, const std::vector<SpanText>& spans) {
  return request_of(resource, [&](std::string& bytes, ProtobufWriter& writer) {
    for (const SpanText& one : spans) {
      const auto span = writer.begin_message(otlp::scope_items::items);
      writer.bytes(otlp::span::trace_id, id(16, one.trace));
      writer.bytes(otlp::span::span_id, id(8, one.span));
      if (one.parent != 0) writer.bytes(otlp::span::parent_span_id, id(8, one.parent));
      writer.bytes(otlp::span::name, one.name);
      writer.varint(otlp::span::kind, one.kind);
      writer.fixed64(otlp::span::start, one.start);
      writer.fixed64(otlp::span::end, one.start + one.duration);
      write_attributes(bytes, otlp::span::attributes, one.attributes);
      if (one.status_code != 0) {
        const auto status = writer.begin_message(otlp::span::status);
        writer.varint(otlp::status::code, one.status_code);
        writer.end_message(status);
      }
      writer.end_message(span);
    }
  });
}

std::string log_request(const TextAttributes& resource, const std::vector<std::string>& bodies,
                        const TextAttributes& attributes) {
  return request_of(resource, [&](std::string& bytes, ProtobufWriter& writer) {
    for (const std::string& body : bodies) {
      const auto record = writer.begin_message(otlp::scope_items::items);
      writer.fixed64(otlp::log_record::time, 1'700'000'000'000'000'000);
      writer.varint(otlp::log_record::severity_number, 9);
      writer.bytes(otlp::log_record::severity_text, "INFO");
      writer.bytes(otlp::log_record::body, string_value(body));
      write_attributes(bytes, otlp::log_record::attributes, attributes);
      writer.end_message(record);
    }
  });
}

std::string metric_request(const TextAttributes& resource, const std::string& name,
                           const std::vector<int64_t>& values, const TextAttributes& attributes) {
  return request_of(resource, [&](std::string& bytes, ProtobufWriter& writer) {
    for (const uint32_t kind : {otlp::metric::gauge, otlp::metric::histogram}) {
      const auto metric = writer.begin_message(otlp::scope_items::items);
      writer.bytes(otlp::metric::name, name + (kind == otlp::metric::gauge ? "" : ".histogram"));
      const auto data = writer.begin_message(kind);
      for (const int64_t value : values) {
        const auto point = writer.begin_message(otlp::metric_data::points);
        writer.fixed64(otlp::number_point::time, 1'700'000'000'000'000'000);
        if (kind == otlp::metric::gauge) {
          writer.fixed64(otlp::number_point::as_int, static_cast<uint64_t>(value));
          write_attributes(bytes, otlp::number_point::attributes, attributes);
        } else {
          writer.fixed64(otlp::histogram_point::count, static_cast<uint64_t>(value));
          write_attributes(bytes, otlp::histogram_point::attributes, attributes);
        }
        writer.end_message(point);
      }
      writer.end_message(data);
      writer.end_message(metric);
    }
  });
}

Batch batch_of(Signal signal, std::string request) {
  Batch batch{.signal = signal, .otlp = SharedBytes(std::move(request))};
  batch.items = items_of(batch);
  return batch;
}

std::string json_of(const Batch& batch) {
  const Result<std::string> json = protobuf_to_json(batch.signal, batch.otlp.view());
  return json.ok() ? *json : std::string(json.status().message());
}

}  // namespace clew::pipeline::testing
