// The processors: how each reads its settings. list.cpp says what they are.
#pragma once

#include "pipeline/component.h"

namespace clew::pipeline {

MakeProcessor configure_attributes(Section& section);
MakeProcessor configure_batch(Section& section);
MakeProcessor configure_filter(Section& section);
MakeProcessor configure_groupbytrace(Section& section);
MakeProcessor configure_memory_limiter(Section& section);
MakeProcessor configure_probabilistic_sampler(Section& section);
MakeProcessor configure_redaction(Section& section);
MakeProcessor configure_refinery(Section& section);
MakeProcessor configure_resource(Section& section);
MakeProcessor configure_tail_sampling(Section& section);
MakeProcessor configure_transform(Section& section);

}  // namespace clew::pipeline
