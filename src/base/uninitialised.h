// Room in a string that is about to be overwritten, without writing zeros there first.
#pragma once

#include <cstddef>
#include <string>

namespace clew {

// As resize(), but what is added has no particular value.
void resize_uninitialised(std::string& text, size_t size);

}  // namespace clew
