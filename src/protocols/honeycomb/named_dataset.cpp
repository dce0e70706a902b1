#include "protocols/honeycomb/named_dataset.h"

#include <protozero/pbf_reader.hpp>

#include "net/url_encoding.h"
#include "protocols/honeycomb/datasets.h"
#include "protocols/honeycomb/event_to_otlp.h"
#include "protocols/honeycomb/team.h"
#include "protocols/sender_key.h"
#include "protocols/service_name.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"

namespace clew::honeycomb {
namespace {

using namespace otlp;
using protozero::pbf_reader;
using protozero::pbf_wire_type;

std::string_view view_of(const protozero::data_view& data) {
  return {data.data(), data.size()};
}

// One field as it came.
void copy(pbf_reader& from, ProtobufWriter& to) {
  const uint32_t tag = from.tag();
  switch (from.wire_type()) {
    case pbf_wire_type::varint:
      return to.varint(tag, from.get_uint64());
    case pbf_wire_type::fixed64:
      return to.fixed64(tag, from.get_fixed64());
    case pbf_wire_type::length_delimited:
      return to.bytes(tag, view_of(from.get_view()));
    case pbf_wire_type::fixed32:
      return to.fixed32(tag, from.get_fixed32());
    default:
      throw protozero::unknown_pbf_wire_type_exception();
  }
}

void write_attribute(ProtobufWriter& to, const std::string& slug) {
  const auto pair = to.begin_message(resource::attributes);
  to.bytes(key_value::key, kDatasetAttribute);
  const auto value = to.begin_message(key_value::value);
  to.bytes(any_value::string, slug);
  to.end_message(value);
  to.end_message(pair);
}

void write_resource_items(pbf_reader items, std::string_view as_it_was, const NamedDataset& dataset,
                          ProtobufWriter& to, std::string& out) {
  if (dataset.only_nameless) {
    std::string alone;
    ProtobufWriter(alone).bytes(request::resources, as_it_was);
    if (names_its_service(alone)) return to.bytes(request::resources, as_it_was);
  }
  const auto nested = to.begin_message(request::resources);
  const auto resource = to.begin_message(resource_items::resource);
  for (pbf_reader look = items; look.next();) {
    if (look.tag_and_type() ==
        protozero::tag_and_type(resource_items::resource, pbf_wire_type::length_delimited)) {
      out.append(view_of(look.get_view()));
    } else {
      look.skip();
    }
  }
  write_attribute(to, dataset.slug);
  to.end_message(resource);
  while (items.next()) {
    if (items.tag() == resource_items::resource) {
      items.skip();
    } else {
      copy(items, to);
    }
  }
  to.end_message(nested);
}

}  // namespace

std::optional<NamedDataset> named_dataset(Signal signal, const net::Headers& headers) {
  const auto header = net::find_header(headers, "x-honeycomb-dataset");
  if (!header) return std::nullopt;
  std::string name = net::percent_decode(*header).value_or(std::string(*header));
  const size_t from = name.find_first_not_of(" \t");
  if (from == std::string::npos) return std::nullopt;
  name = name.substr(from, name.find_last_not_of(" \t") - from + 1);
  NamedDataset named{.slug = dataset_slug(name)};
  if (signal == Signal::metrics) return named;
  const bool classic = is_classic_key(sender_key(headers).value_or(""));
  if (signal == Signal::traces) return classic ? std::optional(named) : std::nullopt;
  named.only_nameless = true;
  return named;
}

std::string with_dataset(std::string_view bytes, const NamedDataset& dataset) {
  std::string out;
  try {
    ProtobufWriter to(out);
    for (pbf_reader all(bytes.data(), bytes.size()); all.next();) {
      if (all.tag_and_type() ==
          protozero::tag_and_type(request::resources, pbf_wire_type::length_delimited)) {
        const std::string_view items = view_of(all.get_view());
        write_resource_items(pbf_reader(items.data(), items.size()), items, dataset, to, out);
      } else {
        copy(all, to);
      }
    }
  } catch (const protozero::exception&) {
    return std::string(bytes);  // whoever decodes it all says what is wrong
  }
  return out;
}

SharedBytes add_named_dataset(Signal signal, const net::Headers& headers, SharedBytes bytes) {
  const std::optional<NamedDataset> dataset = named_dataset(signal, headers);
  return dataset ? SharedBytes(with_dataset(bytes.view(), *dataset)) : bytes;
}

}  // namespace clew::honeycomb
