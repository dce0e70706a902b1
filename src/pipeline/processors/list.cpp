#include <array>

#include "pipeline/component_list.h"
#include "pipeline/processors/processors.h"

namespace clew::pipeline {
namespace {

constexpr std::array kProcessors = {
    ProcessorType{"attributes", "Changes attributes of spans, log records and metric points", kAllSignals,
                  configure_attributes},
    ProcessorType{"batch", "Joins small requests into large ones", kAllSignals, configure_batch},
    ProcessorType{"memory_limiter", "Turns senders away for now while memory is short", kAllSignals,
                  configure_memory_limiter},
    ProcessorType{"resource", "Changes attributes of resources", kAllSignals, configure_resource},
};

}  // namespace

std::span<const ProcessorType> all_processors() {
  return kProcessors;
}

}  // namespace clew::pipeline
