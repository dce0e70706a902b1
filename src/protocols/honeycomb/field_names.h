// FieldNames: what fields of events are called by applications that do not use Honeycomb's names.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/honeycomb/event.h"

namespace clew::honeycomb {

class FieldNames {
 public:
  // Fields called `theirs` are meant where Honeycomb's libraries say `usual`. Of several the first that an
  // event has counts.
  void add(std::string_view usual, std::string_view theirs);
  // A field that has the usual name already stays what it is.
  void apply(Event& event) const;

 private:
  std::vector<std::pair<std::string, std::string>> names_;  // usual, theirs
};

}  // namespace clew::honeycomb
