// The team: the owner of all environments and keys. A clew has one.
#pragma once

#include <string>
#include <string_view>

#include "control/access.h"
#include "protocols/honeycomb/api.h"

namespace clew::honeycomb {

inline constexpr std::string_view kTeamName = "clew";
inline constexpr std::string_view kTeamSlug = "clew";
inline constexpr std::string_view kTeamId = "hcaen_01clew";

// As Honeycomb's clients decide it: 32 hex digits in lower case, or 64 characters that begin like "hcaic_".
// Such keys name the dataset with everything they send.
bool is_classic_key(std::string_view key);

std::string environment_name(const ApiOptions& options, EnvironmentId environment);
// Keys and environments: with a management key, or when no key is asked for at all.
bool may_manage(const control::Grant& grant);

}  // namespace clew::honeycomb
