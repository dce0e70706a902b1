// The numbers that Rollbar's reports and webhooks have for frameworks and platforms.
#pragma once

#include <cstdint>
#include <string_view>

namespace clew::control::errors {

// 0: unknown.
int64_t number_of_framework(std::string_view name);
int64_t number_of_platform(std::string_view name);

}  // namespace clew::control::errors
