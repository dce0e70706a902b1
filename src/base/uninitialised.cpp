#include "base/uninitialised.h"

namespace clew {

// Of C++23; this one file is compiled as such (CMakeLists.txt).
void resize_uninitialised(std::string& text, size_t size) {
  text.resize_and_overwrite(size, [](char*, size_t all) { return all; });
}

}  // namespace clew
