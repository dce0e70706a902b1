// joint_outcome: one answer for what several consumers were given.
#pragma once

#include <cstddef>

#include "pipeline/consumer.h"

namespace clew::pipeline {

enum class Shared : uint8_t {
  whole,  // each got everything
  parts,  // each got some of the items
};

// To be called by each of `consumers`, at least one; `done` is called when all have: with the worst of their
// outcomes. A refusal for good beats one for now, since a sender that tries again would repeat what the
// others have accepted.
Done joint_outcome(size_t consumers, Shared shared, Done done);

}  // namespace clew::pipeline
