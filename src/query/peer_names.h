// Whom an outgoing call was made to, as its own attributes tell: a database, a queue, a service of a cloud, a
// host. Needed where the other side sends nothing itself.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "query/column_binding.h"
#include "query/granule_reader.h"
#include "query/selection.h"

namespace clew::query {

enum class NodeKind : uint8_t {
  service,   // sends spans of its own
  client,    // who calls from outside
  database,  // these and the following are known only from those who call them
  queue,
  cloud,   // a service or resource of a cloud provider
  remote,  // anything else
};

struct NodeName {
  NodeKind kind = NodeKind::service;
  std::string name;
  // service: what the question tells services apart by; database, queue: the product ("postgresql"); cloud:
  // the kind of resource ("AWS::DynamoDB::Table").
  std::string type;
  auto operator<=>(const NodeName&) const = default;
};

// The columns that find_peers() looks at.
std::span<const std::string_view> peer_columns();

// Calls found(row, kind, name, type) once for each row of `calls`; the views are valid during the call.
// `columns` are those of peer_columns(), bound to the segment of `reader`. Columns that are not needed are
// not read.
using PeerFound =
    std::function<void(uint32_t row, NodeKind kind, std::string_view name, std::string_view type)>;
Status find_peers(GranuleReader& reader, std::span<const BoundColumn> columns, Selection calls,
                  const PeerFound& found);

// The host in a URL, with its port when one is given; empty when there is none.
std::string_view host_of_url(std::string_view url);

}  // namespace clew::query
