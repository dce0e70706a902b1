// HashRing: which of several endpoints a key belongs to. When one comes or goes, only the keys next to it
// move; every process with the same endpoints gives the same answer, Collectors included.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clew::pipeline {

class HashRing {
 public:
  HashRing() = default;
  explicit HashRing(std::vector<std::string> endpoints);

  bool empty() const { return points_.empty(); }
  // In order, each once.
  const std::vector<std::string>& endpoints() const { return endpoints_; }
  // Index of an endpoint. Only of a ring that is not empty.
  size_t endpoint_of(std::string_view key) const;

 private:
  std::vector<std::string> endpoints_;
  std::vector<std::pair<uint32_t, size_t>> points_;  // by position
};

}  // namespace clew::pipeline
