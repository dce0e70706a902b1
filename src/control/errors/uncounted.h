// What was stored and not counted when the program last came to its end.
#pragma once

#include <functional>
#include <vector>

#include "control/errors/item_store.h"
#include "store/storage.h"

namespace clew::control::errors {

// With the group that is written in their rows; `grouping` tells what that is the hash of.
Result<std::vector<Arrived>> find_uncounted(
    store::Storage& storage, ItemStore& items,
    const std::function<Fingerprint(EnvironmentId, const Occurrence&)>& grouping);

}  // namespace clew::control::errors
