// The actions of the attributes and resource processors: insert, update, upsert, delete, hash, extract,
// convert, in the order of the configuration.
#pragma once

#include <memory>
#include <vector>

#include "pipeline/otlp/attribute_list.h"
#include "telemetry/batch.h"

namespace clew::pipeline {

class Section;

class AttributeAction {
 public:
  virtual ~AttributeAction() = default;
  // `sender` may be null.
  virtual void apply(AttributeList& attributes, const SenderContext* sender) const = 0;
};

using AttributeActions = std::vector<std::unique_ptr<const AttributeAction>>;

// The list below `key` ("actions" or "attributes").
std::shared_ptr<const AttributeActions> read_attribute_actions(Section& section, const char* key);

inline void apply_all(const AttributeActions& actions, AttributeList& attributes,
                      const SenderContext* sender) {
  for (const auto& action : actions) action->apply(attributes, sender);
}

}  // namespace clew::pipeline
