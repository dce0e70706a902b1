// What parts of a collector learn of AWS from the environment, as AWS' own programs do.
#pragma once

#include <optional>
#include <string>

#include "protocols/aws/signature.h"

namespace clew::xray {

// AWS_REGION, else AWS_DEFAULT_REGION; empty when neither is set.
std::string region_of_environment();
// AWS_ACCESS_KEY_ID and its like; nothing unless both halves are there.
std::optional<aws::Credentials> credentials_of_environment();

}  // namespace clew::xray
