// How items and occurrences look in the API's JSON.
#pragma once

#include "base/json_writer.h"
#include "control/errors/item.h"
#include "control/errors/stored_occurrences.h"

namespace clew::api {

// The members of an item, within an object that is open.
void write_item(JsonWriter& json, const control::errors::Item& item, UnixNanos at);
// An object. Frames, payload and columns only with `everything`.
void write_occurrence(JsonWriter& json, const control::errors::StoredOccurrence& stored, bool everything);

}  // namespace clew::api
