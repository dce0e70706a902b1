// Field numbers of Zipkin's protobuf messages (zipkin.proto), by message.
#pragma once

#include <cstdint>

namespace clew::zipkin_proto {

namespace list {
enum : uint32_t { spans = 1 };
}  // namespace list
namespace span {
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
}  // namespace span
namespace endpoint {
enum : uint32_t { service_name = 1, ipv4 = 2, ipv6 = 3, port = 4 };
}  // namespace endpoint
namespace annotation {
enum : uint32_t { timestamp = 1, value = 2 };
}  // namespace annotation
namespace map_entry {
enum : uint32_t { key = 1, value = 2 };
}  // namespace map_entry

}  // namespace clew::zipkin_proto
