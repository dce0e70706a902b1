// The document that receivers of Rollbar's webhooks know.
#pragma once

#include "base/json_value.h"
#include "control/errors/item.h"
#include "control/errors/notification_rules.h"

namespace clew::control::errors {

// Puts `event_name` and `data` into a webhook's body, which may have members of its own.
void put_webhook_document(JsonValue& body, const Change& change, const NotificationRule& rule);

}  // namespace clew::control::errors
