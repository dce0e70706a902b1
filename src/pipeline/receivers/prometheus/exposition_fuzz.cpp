#include "base/fuzz.h"
#include "pipeline/receivers/prometheus/exposition.h"

CLEW_FUZZ(prometheus_exposition) {
  using namespace clew::pipeline;
  for (const bool is_open_metrics : {false, true}) {
    const auto parsed = parse_exposition(bytes, is_open_metrics, {.samples = 1000, .labels = 20});
    if (!parsed.ok()) continue;
    size_t samples = 0;
    for (const ExposedFamily& family : *parsed) samples += family.samples.size();
    if (samples > 1000) __builtin_trap();
  }
}
