// What the person behind an AWS client can do about an error that the client was answered with.
#pragma once

#include <string_view>

#include "protocols/aws/errors.h"

namespace clew::aws {

std::string_view remedy_for(const Error& error);

}  // namespace clew::aws
