#include "store/columnar/otlp_decoder.h"

#include <fmt/format.h>

#include "base/counters.h"
#include "store/columnar/item_decoder.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"

namespace clew::store {
namespace {

// Walks Export…ServiceRequest → Resource… → Scope… → items; the field numbers are the same for all signals.
class RequestDecoder {
 public:
  RequestDecoder(UnixNanos arrival, BlockTarget& target, Decoded& decoded, DecodeItem decode_item)
      : arrival_(arrival), target_(target), decoded_(decoded), decode_item_(decode_item) {}

  void request(std::string_view bytes) {
    ProtobufReader reader(bytes.data(), bytes.size());
    while (reader.next()) {
      if (reader.tag() == otlp::request::resources)
        resource_items(view_of(reader.get_view()));
      else
        reader.skip();
    }
  }

 private:
  // Twice over the fields: a sender may put the items before the resource they belong to.
  void resource_items(std::string_view bytes) {
    std::string_view resource, schema;
    ProtobufReader first(bytes.data(), bytes.size());
    while (first.next()) {
      if (first.tag() == otlp::resource_items::resource)
        resource = view_of(first.get_view());
      else if (first.tag() == otlp::resource_items::schema_url)
        schema = view_of(first.get_view());
      else
        first.skip();
    }
    ProtobufReader second(bytes.data(), bytes.size());
    while (second.next()) {
      if (second.tag() == otlp::resource_items::scopes)
        scope_items(view_of(second.get_view()), resource, schema);
      else
        second.skip();
    }
  }

  void scope_items(std::string_view bytes, std::string_view resource, std::string_view resource_schema) {
    std::string_view scope, schema;
    ProtobufReader first(bytes.data(), bytes.size());
    while (first.next()) {
      if (first.tag() == otlp::scope_items::scope)
        scope = view_of(first.get_view());
      else if (first.tag() == otlp::scope_items::schema_url)
        schema = view_of(first.get_view());
      else
        first.skip();
    }
    envelope_.clear();
    append_envelope(envelope_, resource, resource_schema, scope, schema);
    ItemContext context{.arrival = arrival_, .envelope = envelope_, .target = target_, .decoded = decoded_};
    bool checked = false;
    ProtobufReader second(bytes.data(), bytes.size());
    while (second.next()) {
      if (second.tag() != otlp::scope_items::items) {
        second.skip();
        continue;
      }
      if (!checked) {
        if (envelope_ != last_checked_) {
          (void)parse_envelope(envelope_);  // throws when malformed, so that readers never meet such bytes
          last_checked_ = envelope_;
        }
        checked = true;
      }
      decode_item_(context, view_of(second.get_view()));
    }
  }

  UnixNanos arrival_;
  BlockTarget& target_;
  Decoded& decoded_;
  DecodeItem decode_item_;
  std::string envelope_;
  std::string last_checked_;
};

}  // namespace

Result<Decoded> decode_otlp(Signal signal, std::string_view request, UnixNanos arrival, BlockTarget& target) {
  Decoded decoded;
  try {
    RequestDecoder(arrival, target, decoded, item_decoder_of(signal)).request(request);
  } catch (const protozero::exception& error) {
    return Status(ErrorKind::bad_input,
                  fmt::format("the body is not a valid Export{}ServiceRequest protobuf message: {}",
                              signal == Signal::traces ? "Trace"
                              : signal == Signal::logs ? "Logs"
                                                       : "Metrics",
                              error.what()));
  }
  return decoded;
}

}  // namespace clew::store
