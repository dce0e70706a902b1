// Letters: messages with their recipients, put into the table that the outbox delivers from, within a
// transaction of the caller's. What people are to be told of a change is kept together with the change, or
// neither is.
#pragma once

#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "control/database.h"
#include "control/notify/message.h"
#include "control/notify/recipient.h"
#include "telemetry/batch.h"

namespace clew::control::notify {

struct Letter {
  Recipient recipient;
  Message message;
};

// Due at once; the outbox finds them within seconds. exhausted when too many are waiting.
Status insert_letters(Database& database, EnvironmentId environment, const std::vector<Letter>& letters,
                      UnixNanos at);

}  // namespace clew::control::notify
