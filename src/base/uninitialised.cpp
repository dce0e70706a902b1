#include "base/uninitialised.h"

namespace clew {

// Of C++23; this one file is compiled as such (CMakeLists.txt).
void resize_uninitialised(std::string& text, size_t size) {
  // Not what the function is given: some libraries pass the capacity.
  text.resize_and_overwrite(size, [size](char*, size_t) { return size; });
}

}  // namespace clew
