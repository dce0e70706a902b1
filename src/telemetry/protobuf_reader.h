// ProtobufReader: protozero's reader for bytes that nobody vouches for. protozero trusts its caller to know
// the wire type of a field; here a field of another type than the one asked for is an error like any other
// malformed message.
#pragma once

#include <protozero/pbf_reader.hpp>

namespace clew {

class ProtobufReader : private protozero::pbf_reader {
 public:
  using protozero::pbf_reader::length;
  using protozero::pbf_reader::next;
  using protozero::pbf_reader::pbf_reader;
  using protozero::pbf_reader::skip;
  using protozero::pbf_reader::tag;

  protozero::data_view get_view() { return expect(Wire::length_delimited).protozero::pbf_reader::get_view(); }
  ProtobufReader get_message() { return ProtobufReader(get_view()); }
  uint64_t get_uint64() { return expect(Wire::varint).protozero::pbf_reader::get_uint64(); }
  int64_t get_int64() { return expect(Wire::varint).protozero::pbf_reader::get_int64(); }
  // Any varint but 0 is true, however long.
  bool get_bool() { return get_uint64() != 0; }
  uint32_t get_fixed32() { return expect(Wire::fixed32).protozero::pbf_reader::get_fixed32(); }
  uint64_t get_fixed64() { return expect(Wire::fixed64).protozero::pbf_reader::get_fixed64(); }
  int64_t get_sfixed64() { return expect(Wire::fixed64).protozero::pbf_reader::get_sfixed64(); }
  double get_double() { return expect(Wire::fixed64).protozero::pbf_reader::get_double(); }

 private:
  using Wire = protozero::pbf_wire_type;

  ProtobufReader& expect(Wire type) {
    if (!has_wire_type(type)) throw protozero::unknown_pbf_wire_type_exception();
    return *this;
  }
};

}  // namespace clew
