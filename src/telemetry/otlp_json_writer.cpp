#include <algorithm>
#include <vector>

#include <protozero/pbf_reader.hpp>

#include "base/base64.h"
#include "base/hex.h"
#include "base/json_writer.h"
#include "telemetry/otlp_json.h"

namespace clew {
namespace {

using otlp::Field;
using otlp::FieldKind;
using otlp::Message;
using otlp::Presence;

// As in the reader: what came in as JSON can go out as JSON.
constexpr size_t kMaxDepth = 101;

protozero::pbf_wire_type wire_type_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::string:
    case FieldKind::bytes:
    case FieldKind::trace_id:
    case FieldKind::span_id:
    case FieldKind::message:
      return protozero::pbf_wire_type::length_delimited;
    case FieldKind::floating:
    case FieldKind::fixed64:
    case FieldKind::sfixed64:
      return protozero::pbf_wire_type::fixed64;
    case FieldKind::fixed32:
      return protozero::pbf_wire_type::fixed32;
    default:
      return protozero::pbf_wire_type::varint;
  }
}

// One field as it stands on the wire: `at` begins with its tag. `packed`: a run of numbers under one tag.
struct Occurrence {
  const Field* field;
  protozero::pbf_reader at;
  bool packed;
};

class Writer {
 public:
  std::string take() { return json_.take(); }

  // False when nested too deeply. Throws what protozero throws.
  bool write(protozero::pbf_reader reader, const Message& message, size_t depth) {
    if (depth > kMaxDepth) return false;
    const std::vector<Occurrence> found = occurrences(reader, message);
    json_.begin_object();
    for (auto it = found.begin(); it != found.end();) {
      const Field& field = *it->field;
      const auto end =
          std::find_if(it, found.end(), [&](const Occurrence& other) { return other.field != &field; });
      json_.key(field.json_name);
      if (field.presence == Presence::repeated) {
        json_.begin_array();
        for (; it != end; ++it) {
          if (!(it->packed ? write_packed(*it) : write_value(it->at, field, depth))) return false;
        }
        json_.end_array();
      } else if (!write_value((end - 1)->at, field, depth)) {  // the last one counts
        return false;
      }
      it = end;
    }
    json_.end_object();
    return true;
  }

 private:
  // The known fields in the order of the table; of a oneof only the last on the wire.
  static std::vector<Occurrence> occurrences(protozero::pbf_reader reader, const Message& message) {
    std::vector<Occurrence> found;
    const Field* alternative = nullptr;
    while (true) {
      const protozero::pbf_reader before = reader;
      if (!reader.next()) break;
      const Field* field = message.field(reader.tag());
      if (field != nullptr) {
        const bool fits = reader.wire_type() == wire_type_of(field->kind);
        const bool packed = !fits && field->presence == Presence::repeated &&
                            reader.wire_type() == protozero::pbf_wire_type::length_delimited;
        if (fits || packed) {
          found.push_back({field, before, packed});
          if (field->presence == Presence::oneof) alternative = field;
        }
      }
      reader.skip();
    }
    std::erase_if(found, [&](const Occurrence& occurrence) {
      return occurrence.field->presence == Presence::oneof && occurrence.field != alternative;
    });
    std::stable_sort(found.begin(), found.end(),
                     [](const Occurrence& a, const Occurrence& b) { return a.field < b.field; });
    return found;
  }

  // OTLP packs three kinds: counts (fixed64 and uint64) and bounds (double).
  bool write_packed(Occurrence occurrence) {
    occurrence.at.next();
    switch (occurrence.field->kind) {
      case FieldKind::floating:
        for (const double value : occurrence.at.get_packed_double()) json_.number(value);
        break;
      case FieldKind::fixed64:
        for (const uint64_t value : occurrence.at.get_packed_fixed64()) write_unsigned(value);
        break;
      default:
        for (const uint64_t value : occurrence.at.get_packed_uint64()) write_unsigned(value);
    }
    return true;
  }

  bool write_value(protozero::pbf_reader at, const Field& field, size_t depth) {
    at.next();
    switch (field.kind) {
      case FieldKind::message:
        return write(at.get_message(), *field.message, depth + 1);
      case FieldKind::string:
        json_.string(view(at));
        break;
      case FieldKind::bytes:
        json_.string(base64_encode(view(at)));
        break;
      case FieldKind::trace_id:
      case FieldKind::span_id:
        json_.string(hex_of(view(at)));
        break;
      case FieldKind::boolean:
        json_.boolean(at.get_bool());
        break;
      case FieldKind::floating:
        json_.number(at.get_double());
        break;
      case FieldKind::fixed32:
        json_.integer(at.get_fixed32());
        break;
      case FieldKind::uint32:
        json_.integer(at.get_uint32());
        break;
      case FieldKind::int32:
        json_.integer(at.get_int32());
        break;
      case FieldKind::sint32:
        json_.integer(at.get_sint32());
        break;
      case FieldKind::enumeration:
        json_.integer(at.get_enum());
        break;
      case FieldKind::sfixed64:
        json_.integer_as_string(at.get_sfixed64());
        break;
      case FieldKind::int64:
        json_.integer_as_string(at.get_int64());
        break;
      case FieldKind::fixed64:
        write_unsigned(at.get_fixed64());
        break;
      case FieldKind::uint64:
        write_unsigned(at.get_uint64());
        break;
    }
    return true;
  }
  void write_unsigned(uint64_t value) { json_.string(std::to_string(value)); }
  static std::string_view view(protozero::pbf_reader& at) {
    const protozero::data_view data = at.get_view();
    return {data.data(), data.size()};
  }

  JsonWriter json_;
};

}  // namespace

Result<std::string> protobuf_to_json(const Message& message, std::string_view protobuf) {
  try {
    Writer writer;
    if (!writer.write(protozero::pbf_reader(protobuf.data(), protobuf.size()), message, 0)) {
      return Status(ErrorKind::bad_input, "nested too deeply");
    }
    return writer.take();
  } catch (const protozero::exception& error) {
    return Status(ErrorKind::bad_input, std::string(message.name) + ": not valid protobuf: " + error.what());
  }
}

Result<std::string> protobuf_to_json(Signal signal, std::string_view protobuf) {
  return protobuf_to_json(otlp::export_request(signal), protobuf);
}

}  // namespace clew
