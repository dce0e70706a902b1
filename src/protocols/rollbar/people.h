// People, as Rollbar's API knows users: clew has no accounts, so those are its users to whom an error was
// assigned or who rolled something out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/rollbar/call.h"

namespace clew::rollbar {

// In alphabetical order.
Result<std::vector<std::string>> people_of(const Call& call);
// The same for the same name, always; positive, below 2^31.
int64_t id_of_person(std::string_view name);

}  // namespace clew::rollbar
