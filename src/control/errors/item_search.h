// What people type to find items: words, and facts by name.
#pragma once

#include <string_view>

#include "control/errors/item_store.h"

namespace clew::control::errors {

//   declined "no such price"      each is in the title, the type or the place
//   person:ada version:1.4.2      the facts of an item: level, state, environment, service, version,
//   framework,
//                                 person, assigned, type, fingerprint; also under Rollbar's names for them
//   #12                           an item by its number
//   is:snoozed, is:assigned, is:unassigned
//
// Adds it to the query. What is no fact is a word.
void add_search(std::string_view text, ItemQuery& query);

}  // namespace clew::control::errors
