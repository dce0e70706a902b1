// Complaints: everything that is wrong with a configuration, so that a person mends all of it at once.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/component_id.h"
#include "pipeline/config/value.h"

namespace clew::pipeline {

class Complaints {
 public:
  void error(const Place& place, std::string_view about);
  // The configuration works, but perhaps not as its author believes.
  void warn(const Place& place, std::string_view about);

  // A value refers to an environment variable that is unset or empty; `effect` is what that leads to. Said
  // once for each place and variable: the first effect counts.
  void warn_of_empty_variable(const Place& place, const EmptyVariable& variable, std::string_view effect);

  // Settings that name something defined elsewhere in the file, to be checked when all of it has been read.
  template <typename Id>
  struct Reference {
    Place place;
    std::string path;
    Id id;
  };
  void refer_to_extension(const Place& place, std::string path, ComponentId id);
  void refer_to_pipeline(const Place& place, std::string path, PipelineId id);
  const std::vector<Reference<ComponentId>>& extensions() const { return extensions_; }
  const std::vector<Reference<PipelineId>>& pipelines() const { return pipelines_; }

  bool has_errors() const { return !errors_.empty(); }
  // "collector.yaml:12: …", by line.
  std::vector<std::string> errors() const;
  std::vector<std::string> warnings() const;
  // All errors in one failure, a line each.
  Status status() const;

 private:
  struct Complaint {
    Place place;
    std::string about;
  };
  static std::vector<std::string> sorted(std::vector<Complaint> complaints);

  std::vector<Complaint> errors_;
  std::vector<Complaint> warnings_;
  std::set<std::string> said_variables_;
  std::vector<Reference<ComponentId>> extensions_;
  std::vector<Reference<PipelineId>> pipelines_;
};

// "; did you mean 'endpoint'?", or "; expected one of a, b, c" when no word is near. Empty without words.
std::string suggestion(std::string_view typed, const std::vector<std::string>& words);

}  // namespace clew::pipeline
