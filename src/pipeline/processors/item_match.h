// ItemMatch: the `include` and `exclude` of processors: which spans, log records or metrics are meant.
#pragma once

#include <memory>

#include "pipeline/otlp/rewrite.h"

namespace clew::pipeline {

class Section;

class ItemMatch {
 public:
  virtual ~ItemMatch() = default;
  // All properties that are given must fit; of a list of names any, of a list of attributes all.
  virtual bool fits(Signal signal, MessageEditor& item, Enclosing& in) const = 0;
};

// The section "include" or "exclude" of a processor; null when it is not there.
std::shared_ptr<const ItemMatch> read_item_match(Section& processor, const char* key);

}  // namespace clew::pipeline
