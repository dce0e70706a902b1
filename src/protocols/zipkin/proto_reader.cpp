#include "protocols/zipkin/proto_reader.h"

#include <array>
#include <deque>
#include <string>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "telemetry/protobuf_reader.h"

namespace clew::zipkin {
namespace {

// Field numbers of zipkin.proto.
namespace list {
enum : uint32_t { spans = 1 };
}
namespace span_field {
enum : uint32_t {
  trace_id = 1,
  parent_id = 2,
  id = 3,
  kind = 4,
  name = 5,
  timestamp = 6,
  duration = 7,
  local_endpoint = 8,
  remote_endpoint = 9,
  annotations = 10,
  tags = 11,
  debug = 12,
  shared = 13
};
}
namespace endpoint_field {
enum : uint32_t { service_name = 1, ipv4 = 2, ipv6 = 3, port = 4 };
}
namespace annotation_field {
enum : uint32_t { timestamp = 1, value = 2 };
}
namespace map_entry {
enum : uint32_t { key = 1, value = 2 };
}

std::string_view view_of(ProtobufReader& reader) {
  const protozero::data_view data = reader.get_view();
  return {data.data(), data.size()};
}

// Zeros from the left, as the ids in JSON.
template <typename Id>
bool read_id(std::string_view bytes, Id& id) {
  if (bytes.empty() || bytes.size() > id.bytes.size()) return false;
  std::copy(bytes.begin(), bytes.end(), id.bytes.end() - static_cast<ptrdiff_t>(bytes.size()));
  return true;
}

class Reader {
 public:
  explicit Reader(SpanSink& sink) : sink_(sink) {}

  Status read_list(ProtobufReader list) {
    for (size_t index = 0; list.next();) {
      if (list.tag() != list::spans) {
        list.skip();
        continue;
      }
      if (const char* problem = read_span(list.get_message()); problem != nullptr)
        return {ErrorKind::bad_input, fmt::format("{} of span {}", problem, index)};
      sink_.take(span_);
      ++index;
    }
    return {};
  }

 private:
  // What is wrong with it, or null.
  const char* read_span(ProtobufReader fields) {
    span_.clear();
    addresses_.clear();
    while (fields.next()) {
      switch (fields.tag()) {
        case span_field::trace_id:
          if (!read_id(view_of(fields), span_.trace_id)) return "expected 8 or 16 bytes as traceId";
          break;
        case span_field::parent_id:
          if (const std::string_view bytes = view_of(fields);
              !bytes.empty() && !read_id(bytes, span_.parent_id))
            return "expected 8 bytes as parentId";
          break;
        case span_field::id:
          if (!read_id(view_of(fields), span_.id)) return "expected 8 bytes as id";
          break;
        case span_field::kind: {
          const uint64_t kind = fields.get_uint64();
          span_.kind = kind <= 4 ? static_cast<Kind>(kind) : Kind::none;
          break;
        }
        case span_field::name:
          span_.name = view_of(fields);
          break;
        case span_field::timestamp:
          span_.timestamp = fields.get_fixed64();
          break;
        case span_field::duration:
          span_.duration = fields.get_uint64();
          break;
        case span_field::local_endpoint:
          read_endpoint(fields.get_message(), span_.local);
          break;
        case span_field::remote_endpoint:
          read_endpoint(fields.get_message(), span_.remote);
          break;
        case span_field::annotations:
          read_annotation(fields.get_message());
          break;
        case span_field::tags:
          read_tag(fields.get_message());
          break;
        case span_field::debug:
          span_.debug = fields.get_bool();
          break;
        case span_field::shared:
          span_.shared = fields.get_bool();
          break;
        default:
          fields.skip();
      }
    }
    if (span_.trace_id.is_zero()) return "the traceId is missing";
    if (span_.id.is_zero()) return "the id is missing";
    if (span_.parent_id == span_.id) span_.parent_id = {};
    return nullptr;
  }

  void read_endpoint(ProtobufReader fields, Endpoint& endpoint) {
    while (fields.next()) {
      switch (fields.tag()) {
        case endpoint_field::service_name:
          endpoint.service_name = view_of(fields);
          break;
        case endpoint_field::ipv4:
          endpoint.ipv4 = address_text(AF_INET, view_of(fields));
          break;
        case endpoint_field::ipv6:
          endpoint.ipv6 = address_text(AF_INET6, view_of(fields));
          break;
        case endpoint_field::port: {
          const uint64_t port = fields.get_uint64();
          endpoint.port = port <= 65535 ? static_cast<int32_t>(port) : 0;
          break;
        }
        default:
          fields.skip();
      }
    }
  }

  void read_annotation(ProtobufReader fields) {
    Annotation one;
    while (fields.next()) {
      if (fields.tag() == annotation_field::timestamp)
        one.timestamp = fields.get_fixed64();
      else if (fields.tag() == annotation_field::value)
        one.value = view_of(fields);
      else
        fields.skip();
    }
    span_.annotations.push_back(one);
  }

  void read_tag(ProtobufReader fields) {
    Tag one;
    while (fields.next()) {
      if (fields.tag() == map_entry::key)
        one.key = view_of(fields);
      else if (fields.tag() == map_entry::value)
        one.value = view_of(fields);
      else
        fields.skip();
    }
    span_.tags.push_back(one);
  }

  std::string_view address_text(int family, std::string_view bytes) {
    if (bytes.size() != (family == AF_INET ? 4 : 16)) return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (::inet_ntop(family, bytes.data(), text.data(), text.size()) == nullptr) return {};
    return addresses_.emplace_back(text.data());
  }

  SpanSink& sink_;
  Span span_;
  std::deque<std::string> addresses_;  // of span_
};

}  // namespace

Status read_proto(std::string_view list, SpanSink& sink) {
  try {
    return Reader(sink).read_list(ProtobufReader(list.data(), list.size()));
  } catch (const protozero::exception& error) {
    return {ErrorKind::bad_input, fmt::format("invalid protobuf ({})", error.what())};
  }
}

}  // namespace clew::zipkin
