#include "protocols/service_name.h"

#include <protozero/pbf_reader.hpp>

#include "telemetry/otlp_fields.h"

namespace clew {
namespace {

using namespace otlp;

using protozero::pbf_reader;
using protozero::pbf_wire_type;

std::string_view view_of(pbf_reader& reader) {
  const protozero::data_view data = reader.get_view();
  return {data.data(), data.size()};
}

// The value of service.name if this is that attribute, else nothing.
std::string_view service_name_in(pbf_reader attribute) {
  std::string_view key, name;
  while (attribute.next()) {
    if (attribute.tag_and_type() ==
        protozero::tag_and_type(key_value::key, pbf_wire_type::length_delimited)) {
      key = view_of(attribute);
    } else if (attribute.tag_and_type() ==
               protozero::tag_and_type(key_value::value, pbf_wire_type::length_delimited)) {
      pbf_reader value = attribute.get_message();
      while (value.next(any_value::string, pbf_wire_type::length_delimited)) name = view_of(value);
    } else {
      attribute.skip();
    }
  }
  return key == "service.name" ? name : std::string_view();
}

bool first_resource_is_named(pbf_reader request) {
  if (!request.next(request::resources, pbf_wire_type::length_delimited)) return true;
  pbf_reader items = request.get_message();
  while (items.next(resource_items::resource, pbf_wire_type::length_delimited)) {
    pbf_reader resource = items.get_message();
    while (resource.next(resource::attributes, pbf_wire_type::length_delimited)) {
      const std::string_view name = service_name_in(resource.get_message());
      if (!name.empty()) return !name.starts_with("unknown_service");
    }
  }
  return false;
}

}  // namespace

bool names_its_service(std::string_view otlp) {
  try {
    return first_resource_is_named(pbf_reader(otlp.data(), otlp.size()));
  } catch (const protozero::exception&) {
    return true;  // whoever decodes it all has more to say about it
  }
}

}  // namespace clew
