// NodeNames: numbers the nodes of a service map. Not thread-safe; workers have one each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "query/peer_names.h"

namespace clew::query {

class NodeNames {
 public:
  uint32_t number_of(NodeKind kind, std::string_view name, std::string_view type);
  bool knows(const NodeName& node) const;
  const std::vector<NodeName>& names() const { return names_; }
  size_t bytes() const { return bytes_; }

 private:
  static void write_key(std::string& key, NodeKind kind, std::string_view name, std::string_view type);

  std::unordered_map<std::string, uint32_t> numbers_;
  std::vector<NodeName> names_;
  std::string key_;
  size_t bytes_ = 0;
};

}  // namespace clew::query
