// The kind of an error as programs read it in our JSON: "bad_input".
#pragma once

#include <algorithm>
#include <string>

#include "base/result.h"

namespace clew {

inline std::string error_kind_name(ErrorKind kind) {
  std::string name(name_of(kind));
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

}  // namespace clew
