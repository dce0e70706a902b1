#include "base/fuzz.h"
#include "pipeline/otlp/item_count.h"
#include "pipeline/otlp/item_walk.h"
#include "pipeline/otlp/rewrite.h"
#include "pipeline/otlp/split.h"
#include "telemetry/otlp_fields.h"

namespace {

class Everything final : public clew::pipeline::Rewriter {
 public:
  clew::pipeline::Verdict on_resource(clew::pipeline::MessageEditor& resource) override {
    resource.attributes().set("k", clew::pipeline::string_value("v"));
    return clew::pipeline::Verdict::keep;
  }
  clew::pipeline::Verdict on_item(clew::Signal, clew::pipeline::MessageEditor& item,
                                  clew::pipeline::Enclosing& in) override {
    for (const clew::pipeline::Attribute& one : item.attributes().all())
      (void)clew::pipeline::text_of(item.attributes().value_of(one));
    item.attributes().set("k", clew::pipeline::integer_value(1));
    return in.scope.bytes(clew::otlp::scope::name) == "drop" ? clew::pipeline::Verdict::drop
                                                             : clew::pipeline::Verdict::keep;
  }
  bool looks_into_metrics() const override { return true; }
  clew::pipeline::Verdict on_point(uint32_t, clew::pipeline::MessageEditor& point,
                                   clew::pipeline::MessageEditor&, clew::pipeline::Enclosing&) override {
    point.attributes().remove("k");
    return clew::pipeline::Verdict::keep;
  }
};

}  // namespace

CLEW_FUZZ(pipeline_rewrite) {
  using namespace clew;
  for (const Signal signal : {Signal::traces, Signal::logs, Signal::metrics}) {
    Batch batch{.signal = signal, .otlp = SharedBytes(std::string(bytes))};
    Everything everything;
    const auto rewritten = pipeline::rewrite(batch, everything);
    if (rewritten.ok() && !pipeline::count_items(signal, rewritten->otlp.view()).ok()) std::abort();
    for (const Batch& part : pipeline::split(batch, 1))
      if (part.items > 0 && !pipeline::count_items(signal, part.otlp.view()).ok()) std::abort();
  }
}
