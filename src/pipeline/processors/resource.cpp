// resource: changes the attributes of resources.
#include "pipeline/config/section.h"
#include "pipeline/processors/attribute_actions.h"
#include "pipeline/processors/processors.h"
#include "pipeline/processors/rewriting_processor.h"

namespace clew::pipeline {
namespace {

class ResourceRewriter final : public Rewriter {
 public:
  ResourceRewriter(const AttributeActions& actions, const SenderContext* sender)
      : actions_(actions), sender_(sender) {}

  Verdict on_resource(MessageEditor& resource) override {
    apply_all(actions_, resource.attributes(), sender_);
    return Verdict::keep;
  }
  bool looks_into_resources() const override { return false; }

 private:
  const AttributeActions& actions_;
  const SenderContext* const sender_;
};

}  // namespace

MakeProcessor configure_resource(Section& section) {
  const auto actions = read_attribute_actions(section, "attributes");
  return rewriting_processor([actions](const Batch& batch) {
    return std::make_unique<ResourceRewriter>(*actions, batch.sender.get());
  });
}

}  // namespace clew::pipeline
