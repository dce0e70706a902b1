#include "pipeline/otlp/item_walk.h"

#include <fmt/format.h>

#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"
#include "telemetry/protobuf_writer.h"

namespace clew::pipeline {
namespace {

// All fields of a message but one, appended to `envelope` as they are.
void copy_all_but(std::string_view message, uint32_t field, std::string& envelope) {
  envelope.clear();
  ProtobufReader reader(message.data(), message.size());
  size_t at = 0;
  while (reader.next()) {
    const uint32_t tag = reader.tag();
    reader.skip();
    const size_t end = message.size() - reader.length();
    if (tag != field) envelope.append(message.substr(at, end - at));
    at = end;
  }
}

template <typename Visit>
void for_each_field(std::string_view message, uint32_t field, Visit visit) {
  ProtobufReader reader(message.data(), message.size());
  while (reader.next()) {
    if (reader.tag() != field) {
      reader.skip();
      continue;
    }
    const auto view = reader.get_view();
    visit(std::string_view(view.data(), view.size()));
  }
}

}  // namespace

Status walk_items(std::string_view request, const std::function<void(const ItemPlace&)>& visit) {
  try {
    ItemPlace place;
    std::string resource_envelope, scope_envelope;
    for_each_field(request, otlp::request::resources, [&](std::string_view resource) {
      copy_all_but(resource, otlp::resource_items::scopes, resource_envelope);
      place.resource_envelope = resource_envelope;
      ++place.resource_number;
      for_each_field(resource, otlp::resource_items::scopes, [&](std::string_view scope) {
        copy_all_but(scope, otlp::scope_items::items, scope_envelope);
        place.scope_envelope = scope_envelope;
        ++place.scope_number;
        for_each_field(scope, otlp::scope_items::items, [&](std::string_view item) {
          place.item = item;
          visit(place);
        });
      });
    });
    return {};
  } catch (const protozero::exception& malformed) {
    return {ErrorKind::bad_input, fmt::format("not an OTLP request: {}", malformed.what())};
  }
}

void RequestBuilder::add(const ItemPlace& place) {
  if (items_ == 0 || place.resource_number != resource_number_) {
    end_resource();
    resource_ = place.resource_envelope;
    resource_number_ = place.resource_number;
    scope_ = place.scope_envelope;
    scope_number_ = place.scope_number;
  } else if (place.scope_number != scope_number_) {
    end_scope();
    scope_ = place.scope_envelope;
    scope_number_ = place.scope_number;
  }
  ProtobufWriter(scope_).bytes(otlp::scope_items::items, place.item);
  ++items_;
}

void RequestBuilder::end_scope() {
  ProtobufWriter(resource_).bytes(otlp::resource_items::scopes, scope_);
  scope_.clear();
}

void RequestBuilder::end_resource() {
  if (items_ == 0) return;
  end_scope();
  ProtobufWriter(request_).bytes(otlp::request::resources, resource_);
  resource_.clear();
}

std::string RequestBuilder::take() {
  end_resource();
  items_ = 0;
  return std::exchange(request_, {});
}

}  // namespace clew::pipeline
