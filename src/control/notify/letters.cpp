#include "control/notify/letters.h"

#include <string>

#include <fmt/format.h>

#include "base/counters.h"
#include "control/notify/outbox.h"

namespace clew::control::notify {

Status insert_letters(Database& database, EnvironmentId environment, const std::vector<Letter>& letters,
                      UnixNanos at) {
  if (letters.empty()) return {};
  CLEW_ASSIGN(const int64_t waiting,
              database.integer("SELECT COUNT(*) FROM notifications WHERE progress = 0"));
  if (static_cast<size_t>(waiting) + letters.size() > kMostWaiting) {
    count(Counter::notifications_refused, letters.size());
    return {ErrorKind::exhausted, fmt::format("{} notifications are waiting already", waiting)};
  }
  for (const Letter& letter : letters) {
    const std::string recipient = to_json(letter.recipient).text(), message = to_json(letter.message).text();
    CLEW_TRY(database.run(
        "INSERT INTO notifications (environment, recipient, message, title, dedup_key, created, due) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        {int64_t{environment.number}, std::string_view(recipient), std::string_view(message),
         std::string_view(letter.message.title), std::string_view(letter.message.dedup_key), at.count,
         at.count}));
  }
  count(Counter::notifications_enqueued, letters.size());
  return {};
}

}  // namespace clew::control::notify
