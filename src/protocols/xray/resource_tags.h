// Tags: what people note about groups and sampling rules, by ARN.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "control/records.h"
#include "protocols/xray/input.h"

namespace clew::xray {

using Tags = std::map<std::string, std::string>;

// The member Tags of an input: a list of Key and Value. Refuses what is no tag.
Tags read_tags(Input& input);

// In the control database. Any thread.
class ResourceTags {
 public:
  static constexpr size_t kMostTags = 50;

  explicit ResourceTags(control::Records& records) : records_(records) {}

  Result<Tags> list(EnvironmentId environment, std::string_view arn);
  // too_large when there would be too many of them.
  Status add(EnvironmentId environment, std::string_view arn, const Tags& tags);
  Status remove(EnvironmentId environment, std::string_view arn, const std::vector<std::string>& keys);
  // All of a resource that is gone.
  Status forget(EnvironmentId environment, std::string_view arn);

 private:
  Status put(EnvironmentId environment, std::string_view arn, const Tags& tags);

  control::Records& records_;
};

}  // namespace clew::xray
