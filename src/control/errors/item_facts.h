// What every document about an item says alike that Rollbar's API and its webhooks have.
#pragma once

#include "base/json_value.h"
#include "control/errors/item.h"

namespace clew::control::errors {

// An environment of clew is one project.
void put_item_facts(JsonValue& json, const Item& item, EnvironmentId project);

int64_t unix_seconds(UnixNanos at);

}  // namespace clew::control::errors
