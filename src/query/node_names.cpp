#include "query/node_names.h"

namespace clew::query {

void NodeNames::write_key(std::string& key, NodeKind kind, std::string_view name, std::string_view type) {
  key.clear();
  key += static_cast<char>(kind);
  key += type;
  key += '\0';
  key += name;
}

bool NodeNames::knows(const NodeName& node) const {
  std::string key;
  write_key(key, node.kind, node.name, node.type);
  return numbers_.contains(key);
}

uint32_t NodeNames::number_of(NodeKind kind, std::string_view name, std::string_view type) {
  write_key(key_, kind, name, type);
  auto [at, is_new] = numbers_.try_emplace(key_, static_cast<uint32_t>(names_.size()));
  if (is_new) {
    names_.push_back({kind, std::string(name), std::string(type)});
    bytes_ += 2 * key_.size() + 150;
  }
  return at->second;
}

}  // namespace clew::query
