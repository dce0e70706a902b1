// Scope: what a call of Rollbar's API asks of an access token, and which keys of clew have it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "control/access.h"

namespace clew::rollbar {

enum class Scope : uint8_t { post_client_item, post_server_item, read, write };
std::string_view name_of(Scope scope);

// A key may post items when it may send events; only those of clients when it is an ingest key that may do
// nothing else. It may read when it may ask questions, and write when it may also manage triggers: an error's
// state decides who is told.
bool has_scope(const control::Grant& grant, Scope scope);
// "read, write": as Rollbar lists them.
std::string scopes_of(const control::Grant& grant);
// `forbidden`, in Rollbar's words, when the scope is missing.
Status check_scope(const control::Grant& grant, Scope scope);

// Whether items of this platform are those of browsers and phones.
bool is_client_platform(std::string_view platform);

}  // namespace clew::rollbar
