#include "pipeline/component_list.h"

namespace clew::pipeline {

std::span<const ReceiverType> own_receivers() {
  return {};
}

}  // namespace clew::pipeline
