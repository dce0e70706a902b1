#include "pipeline/component_list.h"

namespace clew::pipeline {

std::span<const ExtensionType> all_extensions() {
  return {};
}

}  // namespace clew::pipeline
