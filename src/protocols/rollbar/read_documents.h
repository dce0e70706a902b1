// Items, occurrences and deploys as Rollbar's API shows them.
#pragma once

#include "base/json_value.h"
#include "control/errors/item.h"
#include "control/errors/stored_occurrences.h"

namespace clew::rollbar {

constexpr int64_t kProject = 1;  // an environment of clew is one project

JsonValue item_document(const control::errors::Item& item, UnixNanos now);
JsonValue instance_document(const control::errors::StoredOccurrence& stored, int64_t item);
JsonValue deploy_document(const control::errors::Deploy& deploy);

}  // namespace clew::rollbar
