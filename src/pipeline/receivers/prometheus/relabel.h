// Relabelling: rules of Prometheus that change the labels of a target or a sample, or drop it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace clew::pipeline {

class Section;

using LabelMap = std::map<std::string, std::string, std::less<>>;

class Relabelling {
 public:
  // The list below `key` ("relabel_configs"). What is wrong goes into the section's complaints.
  Relabelling(Section& section, const char* key);
  Relabelling() = default;

  // False: it is dropped.
  bool apply(LabelMap& labels) const;
  bool empty() const { return rules_.empty(); }

 private:
  struct Rule;
  std::vector<std::shared_ptr<const Rule>> rules_;
};

}  // namespace clew::pipeline
