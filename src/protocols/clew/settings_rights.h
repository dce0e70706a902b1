// Who may change keys, people, environments, retention and sampling.
#pragma once

#include "protocols/clew/call.h"

namespace clew::api {

// As long as no key is required.
inline bool is_open_to_all(const Call& call) {
  return !call.options().keys_required || !call.options().keys_required();
}

// While no key is required, whoever reaches the doors; from then on a key that may do everything.
inline Status may_change_settings(const Call& call) {
  const bool may_do_everything = call.grant.kind == control::KeyKind::configuration &&
                                 call.grant.permissions == control::Permissions::all();
  if (is_open_to_all(call) || may_do_everything) return {};
  return {ErrorKind::forbidden,
          "Settings are changed by people who own, and with configuration keys that have every permission"};
}

}  // namespace clew::api
