#include <array>

#include "pipeline/component_list.h"
#include "pipeline/processors/processors.h"

namespace clew::pipeline {
namespace {

constexpr std::array kProcessors = {
    ProcessorType{"attributes", "Changes attributes of spans, log records and metric points", kAllSignals,
                  configure_attributes},
    ProcessorType{"batch", "Joins small requests into large ones", kAllSignals, configure_batch},
    ProcessorType{"filter", "Drops what its conditions are true for", kAllSignals, configure_filter},
    ProcessorType{"groupbytrace",
                  "Holds spans until their trace is together",
                  {Signal::traces},
                  configure_groupbytrace},
    ProcessorType{"memory_limiter", "Turns senders away for now while memory is short", kAllSignals,
                  configure_memory_limiter},
    ProcessorType{"probabilistic_sampler",
                  "Keeps a part, chosen by trace id or attribute",
                  {Signal::traces, Signal::logs},
                  configure_probabilistic_sampler},
    ProcessorType{"redaction", "Removes and masks what must not be passed on", kAllSignals,
                  configure_redaction},
    ProcessorType{"refinery",
                  "Keeps or leaves out whole traces, by the rules of Honeycomb's Refinery",
                  {Signal::traces},
                  configure_refinery},
    ProcessorType{"resource", "Changes attributes of resources", kAllSignals, configure_resource},
    ProcessorType{"tail_sampling",
                  "Keeps or leaves out whole traces, by policies",
                  {Signal::traces},
                  configure_tail_sampling},
    ProcessorType{"transform", "Runs statements of OTTL", kAllSignals, configure_transform},
};

}  // namespace

std::span<const ProcessorType> all_processors() {
  return kProcessors;
}

}  // namespace clew::pipeline
