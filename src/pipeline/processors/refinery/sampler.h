// Sampler: one entry of Refinery's rules: of how many traces like this one it is to be the one that is kept.
#pragma once

#include <cstdint>
#include <memory>

#include "pipeline/processors/tail_sampling/trace_under_decision.h"

namespace clew::pipeline {

class Section;

class Sampler {
 public:
  virtual ~Sampler() = default;
  // 0: it is left out whatever chance says. Called on one thread. Throws protozero::exception when the trace
  // is malformed.
  virtual int64_t rate_of(TraceUnderDecision& trace) = 0;
};

// Of a map with one key, the name of a kind of sampler; null when it is wrong, with a complaint.
std::unique_ptr<Sampler> read_sampler(Section& section);
// rules_sampler.cpp
std::unique_ptr<Sampler> read_rules_sampler(Section& section);

}  // namespace clew::pipeline
