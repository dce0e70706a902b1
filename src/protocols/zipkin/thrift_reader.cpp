#include "protocols/zipkin/thrift_reader.h"

#include <array>
#include <bit>
#include <deque>
#include <span>
#include <string>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "protocols/thrift/reader.h"

namespace clew::zipkin {
namespace {

using thrift::Field;
using thrift::Type;

// Field numbers of zipkinCore.thrift.
namespace span_field {
enum : int32_t {
  trace_id = 1,
  name = 3,
  id = 4,
  parent_id = 5,
  annotations = 6,
  binary_annotations = 8,
  debug = 9,
  timestamp = 10,
  duration = 11,
  trace_id_high = 12
};
}
namespace annotation_field {
enum : int32_t { timestamp = 1, value = 2, host = 3 };
}
namespace binary_field {
enum : int32_t { key = 1, value = 2, type = 3, host = 4 };
}
namespace endpoint_field {
enum : int32_t { ipv4 = 1, port = 2, service_name = 3, ipv6 = 4 };
}
enum class ValueType : int64_t {
  boolean = 0,
  bytes = 1,
  int16 = 2,
  int32 = 3,
  int64 = 4,
  floating = 5,
  text = 6
};

class ListReader {
 public:
  ListReader(std::string_view bytes, V1Converter& converter)
      : reader_(bytes, thrift::Protocol::binary), converter_(converter) {}

  Status read() {
    // A list that is no field has a head all the same.
    Status problem;
    reader_.structures([&] {
      read_span();
      if (reader_.failed() || !problem.ok()) return;
      if (span_.trace_id.is_zero() || span_.id.is_zero()) {
        problem = {ErrorKind::bad_input, fmt::format("span {} has no id", index_)};
        return;
      }
      if (span_.parent_id == span_.id) span_.parent_id = {};
      converter_.take(span_);
      ++index_;
    });
    return reader_.failed() ? reader_.status() : problem;
  }

 private:
  void read_span() {
    span_.clear();
    texts_.clear();
    reader_.structure([&](const Field& field) {
      switch (field.id) {
        case span_field::trace_id:
          return reader_.take_id(field, std::span(span_.trace_id.bytes).last<8>());
        case span_field::trace_id_high:
          return reader_.take_id(field, std::span(span_.trace_id.bytes).first<8>());
        case span_field::id:
          return reader_.take_id(field, span_.id.bytes);
        case span_field::parent_id:
          return reader_.take_id(field, span_.parent_id.bytes);
        case span_field::name:
          return reader_.take_text(field, span_.name);
        case span_field::timestamp:
          return reader_.take_time(field, span_.timestamp);
        case span_field::duration:
          return reader_.take_time(field, span_.duration);
        case span_field::debug:
          return reader_.take_boolean(field, span_.debug);
        case span_field::annotations:
          if (field.type != Type::list) return false;
          reader_.structures([&] { read_annotation(); });
          return true;
        case span_field::binary_annotations:
          if (field.type != Type::list) return false;
          reader_.structures([&] { read_binary_annotation(); });
          return true;
        default:
          return false;
      }
    });
  }

  void read_annotation() {
    V1Annotation one;
    reader_.structure([&](const Field& field) {
      if (field.id == annotation_field::timestamp) return reader_.take_time(field, one.timestamp);
      if (field.id == annotation_field::value) return reader_.take_text(field, one.value);
      return field.is(annotation_field::host, Type::structure) && read_endpoint(one.endpoint);
    });
    if (one.timestamp != 0 && !one.value.empty()) span_.annotations.push_back(one);
  }

  void read_binary_annotation() {
    V1BinaryAnnotation one;
    auto type = ValueType::text;
    bool has_value = false;
    reader_.structure([&](const Field& field) {
      if (field.id == binary_field::key) return reader_.take_text(field, one.key);
      if (field.id == binary_field::value) {
        has_value = field.type == Type::text;
        return reader_.take_text(field, one.value);
      }
      if (field.is(binary_field::type, Type::int32)) {
        type = static_cast<ValueType>(reader_.integer(field.type));
        return true;
      }
      return field.is(binary_field::host, Type::structure) && read_endpoint(one.endpoint);
    });
    if (one.key.empty() || !has_value) return;
    if (type == ValueType::boolean && one.value == std::string_view("\x01", 1) && is_address_key(one.key) &&
        !one.endpoint.empty()) {
      one.is_address = true;
    } else {
      one.value = text_of(type, one.value);
    }
    span_.binary_annotations.push_back(one);
  }

  // Values have the bytes of their type.
  std::string_view text_of(ValueType type, std::string_view bytes) {
    const auto keep = [&](std::string text) -> std::string_view {
      return texts_.emplace_back(std::move(text));
    };
    const auto big_endian = [&] {
      uint64_t value = !bytes.empty() && static_cast<int8_t>(bytes[0]) < 0 ? UINT64_MAX : 0;
      for (const char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
      return value;
    };
    const size_t size = type == ValueType::boolean ? 1
                        : type == ValueType::int16 ? 2
                        : type == ValueType::int32 ? 4
                                                   : 8;
    if (type == ValueType::text || type == ValueType::bytes || bytes.size() != size) return bytes;
    switch (type) {
      case ValueType::boolean:
        return bytes[0] != 0 ? "true" : "false";
      case ValueType::int16:
      case ValueType::int32:
      case ValueType::int64:
        return keep(fmt::format("{}", static_cast<int64_t>(big_endian())));
      case ValueType::floating:
        return keep(fmt::format("{}", std::bit_cast<double>(big_endian())));
      default:
        return bytes;
    }
  }

  bool read_endpoint(Endpoint& endpoint) {
    reader_.structure([&](const Field& field) {
      if (field.is(endpoint_field::ipv4, Type::int32)) {
        const auto address = htonl(static_cast<uint32_t>(reader_.integer(field.type)));
        if (address != 0) endpoint.ipv4 = address_text(AF_INET, &address);
        return true;
      }
      if (field.is(endpoint_field::ipv6, Type::text)) {
        const std::string_view address = reader_.text();
        if (address.size() == 16) endpoint.ipv6 = address_text(AF_INET6, address.data());
        return true;
      }
      if (field.is(endpoint_field::port, Type::int16)) {
        endpoint.port = static_cast<uint16_t>(reader_.integer(field.type));
        return true;
      }
      return field.id == endpoint_field::service_name && reader_.take_text(field, endpoint.service_name);
    });
    return true;
  }

  std::string_view address_text(int family, const void* bytes) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (::inet_ntop(family, bytes, text.data(), text.size()) == nullptr) return {};
    return texts_.emplace_back(text.data());
  }

  thrift::Reader reader_;
  V1Converter& converter_;
  V1Span span_;
  std::deque<std::string> texts_;  // of span_
  size_t index_ = 0;
};

}  // namespace

Status read_thrift(std::string_view list, V1Converter& converter) {
  return ListReader(list, converter).read();
}

}  // namespace clew::zipkin
