#include "protocols/zipkin/proto_reader.h"

#include <array>
#include <deque>
#include <string>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "telemetry/protobuf_reader.h"
#include "telemetry/zipkin_fields.h"

namespace clew::zipkin {
namespace {

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
      if (list.tag() != zipkin_proto::list::spans) {
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
        case zipkin_proto::span::trace_id:
          if (!read_id(view_of(fields), span_.trace_id)) return "expected 8 or 16 bytes as traceId";
          break;
        case zipkin_proto::span::parent_id:
          if (const std::string_view bytes = view_of(fields);
              !bytes.empty() && !read_id(bytes, span_.parent_id))
            return "expected 8 bytes as parentId";
          break;
        case zipkin_proto::span::id:
          if (!read_id(view_of(fields), span_.id)) return "expected 8 bytes as id";
          break;
        case zipkin_proto::span::kind: {
          const uint64_t kind = fields.get_uint64();
          span_.kind = kind <= 4 ? static_cast<Kind>(kind) : Kind::none;
          break;
        }
        case zipkin_proto::span::name:
          span_.name = view_of(fields);
          break;
        case zipkin_proto::span::timestamp:
          span_.timestamp = fields.get_fixed64();
          break;
        case zipkin_proto::span::duration:
          span_.duration = fields.get_uint64();
          break;
        case zipkin_proto::span::local_endpoint:
          read_endpoint(fields.get_message(), span_.local);
          break;
        case zipkin_proto::span::remote_endpoint:
          read_endpoint(fields.get_message(), span_.remote);
          break;
        case zipkin_proto::span::annotations:
          read_annotation(fields.get_message());
          break;
        case zipkin_proto::span::tags:
          read_tag(fields.get_message());
          break;
        case zipkin_proto::span::debug:
          span_.debug = fields.get_bool();
          break;
        case zipkin_proto::span::shared:
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
        case zipkin_proto::endpoint::service_name:
          endpoint.service_name = view_of(fields);
          break;
        case zipkin_proto::endpoint::ipv4:
          endpoint.ipv4 = address_text(AF_INET, view_of(fields));
          break;
        case zipkin_proto::endpoint::ipv6:
          endpoint.ipv6 = address_text(AF_INET6, view_of(fields));
          break;
        case zipkin_proto::endpoint::port: {
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
      if (fields.tag() == zipkin_proto::annotation::timestamp)
        one.timestamp = fields.get_fixed64();
      else if (fields.tag() == zipkin_proto::annotation::value)
        one.value = view_of(fields);
      else
        fields.skip();
    }
    span_.annotations.push_back(one);
  }

  void read_tag(ProtobufReader fields) {
    Tag one;
    while (fields.next()) {
      if (fields.tag() == zipkin_proto::map_entry::key)
        one.key = view_of(fields);
      else if (fields.tag() == zipkin_proto::map_entry::value)
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
