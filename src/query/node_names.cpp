#include "query/node_names.h"

namespace clew::query {

uint32_t NodeNames::number_of(NodeKind kind, std::string_view name, std::string_view type) {
  key_.clear();
  key_ += static_cast<char>(kind);
  key_ += type;
  key_ += '\0';
  key_ += name;
  auto [at, is_new] = numbers_.try_emplace(key_, static_cast<uint32_t>(names_.size()));
  if (is_new) {
    names_.push_back({kind, std::string(name), std::string(type)});
    bytes_ += 2 * key_.size() + 150;
  }
  return at->second;
}

}  // namespace clew::query
