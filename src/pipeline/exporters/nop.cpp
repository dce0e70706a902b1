// nop: takes everything and does nothing with it.
#include "pipeline/config/section.h"
#include "pipeline/exporters/exporters.h"

namespace clew::pipeline {
namespace {

class NopExporter final : public Exporter {
 public:
  void consume(Batch, std::function<void(Outcome)> done) override { done({}); }
};

}  // namespace

ExporterPlan configure_nop(Section&) {
  return {.make = [](const Site&) -> Result<std::unique_ptr<Exporter>> {
            return std::unique_ptr<Exporter>(std::make_unique<NopExporter>());
          },
          .delivery = std::nullopt};
}

}  // namespace clew::pipeline
