// Items, occurrences and deploys as Rollbar's API shows them.
#pragma once

#include "base/json_value.h"
#include "control/errors/item.h"
#include "control/errors/item_facts.h"
#include "control/errors/stored_occurrences.h"

namespace clew::rollbar {

using control::errors::unix_seconds;

// An environment of clew is one project. `hash`: the fingerprint that the item began with.
JsonValue item_document(const control::errors::Item& item, const std::string& hash, EnvironmentId project,
                        UnixNanos now);
JsonValue instance_document(const control::errors::StoredOccurrence& stored, int64_t item,
                            EnvironmentId project);
JsonValue deploy_document(const control::errors::Deploy& deploy, EnvironmentId project);

}  // namespace clew::rollbar
