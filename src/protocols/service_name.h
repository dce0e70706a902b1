// Whether a batch says which service it is from.
#pragma once

#include <string_view>

namespace clew {

// False when the first resource of an export request has no service.name, or the "unknown_service" that SDKs
// make up. Only a glance: the bytes need not be valid.
bool names_its_service(std::string_view otlp);

}  // namespace clew
