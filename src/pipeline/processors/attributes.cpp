// attributes: changes the attributes of spans, log records and metric points.
#include "pipeline/config/section.h"
#include "pipeline/processors/attribute_actions.h"
#include "pipeline/processors/item_match.h"
#include "pipeline/processors/processors.h"
#include "pipeline/processors/rewriting_processor.h"

namespace clew::pipeline {
namespace {

struct AttributesSettings {
  std::shared_ptr<const AttributeActions> actions;
  std::shared_ptr<const ItemMatch> include, exclude;  // may be null
};

class AttributesRewriter final : public Rewriter {
 public:
  AttributesRewriter(const AttributesSettings& settings, const SenderContext* sender)
      : settings_(settings), sender_(sender) {}

  Verdict on_item(Signal signal, MessageEditor& item, Enclosing& in) override {
    is_meant_ = (!settings_.include || settings_.include->fits(signal, item, in)) &&
                (!settings_.exclude || !settings_.exclude->fits(signal, item, in));
    if (is_meant_ && signal != Signal::metrics) apply_all(*settings_.actions, item.attributes(), sender_);
    return Verdict::keep;
  }
  bool looks_into_metrics() const override { return is_meant_; }
  Verdict on_point(uint32_t, MessageEditor& point, MessageEditor&, Enclosing&) override {
    apply_all(*settings_.actions, point.attributes(), sender_);
    return Verdict::keep;
  }

 private:
  const AttributesSettings& settings_;
  const SenderContext* const sender_;
  bool is_meant_ = true;
};

}  // namespace

MakeProcessor configure_attributes(Section& section) {
  const AttributesSettings settings{.actions = read_attribute_actions(section, "actions"),
                                    .include = read_item_match(section, "include"),
                                    .exclude = read_item_match(section, "exclude")};
  return rewriting_processor([settings](const Batch& batch) {
    return std::make_unique<AttributesRewriter>(settings, batch.sender.get());
  });
}

}  // namespace clew::pipeline
