// What people do with items.

#include <fmt/format.h>

#include "control/errors/item_store.h"

namespace clew::control::errors {

Result<Item> ItemStore::edit(EnvironmentId environment, int64_t id, const ItemEdit& edit) {
  const Lock lock = settled();
  Item item;
  const Status done = database_.in_transaction([&]() -> Status {
    CLEW_ASSIGN(item, read_item(environment, id));
    if (edit.state && *edit.state != item.state) {
      const bool resolves = *edit.state == State::resolved;
      item.state = *edit.state;
      item.resolved_at = resolves ? now() : UnixNanos();
      item.resolved_in_version = resolves ? edit.resolved_in_version.value_or("") : "";
      CLEW_TRY(add_activity(id, name_of(item.state), item.resolved_in_version));
    } else if (edit.resolved_in_version && item.state == State::resolved) {
      item.resolved_in_version = *edit.resolved_in_version;
    }
    if (edit.snoozed_until) {
      item.snoozed_until = *edit.snoozed_until;
      CLEW_TRY(add_activity(id, item.snoozed_until > now() ? "snoozed" : "unsnoozed",
                            item.snoozed_until > now() ? to_rfc3339(item.snoozed_until) : std::string()));
    }
    if (edit.title) item.title = *edit.title;
    if (edit.level) item.level = *edit.level;
    if (edit.assignee && *edit.assignee != item.assignee) {
      item.assignee = *edit.assignee;
      CLEW_TRY(add_activity(id, "assigned", item.assignee));
    }
    return database_.run(
        "UPDATE error_items SET state = ?, resolved_at = ?, resolved_in_version = ?, snoozed_until = ?, "
        "title = ?, "
        "level = ?, assignee = ? WHERE id = ?",
        {static_cast<int64_t>(item.state), item.resolved_at.count, std::string_view(item.resolved_in_version),
         item.snoozed_until.count, std::string_view(item.title), static_cast<int64_t>(item.level),
         std::string_view(item.assignee), id});
  });
  if (!done.ok()) return done;
  return item;
}

// What an item says of itself, from its groups.
Status ItemStore::recount(int64_t item) {
  return database_.run(
      "UPDATE error_items SET occurrences = (SELECT COALESCE(SUM(occurrences), 0) FROM error_groups WHERE "
      "item = ?1), "
      "first_seen = COALESCE((SELECT MIN(first_seen) FROM error_groups WHERE item = ?1), first_seen), "
      "last_seen = COALESCE((SELECT MAX(last_seen) FROM error_groups WHERE item = ?1), last_seen), "
      "people = (SELECT COUNT(DISTINCT p.person) FROM error_people AS p JOIN error_groups AS g ON g.id = "
      "p.group_id "
      "WHERE g.item = ?1) WHERE id = ?1",
      {item});
}

Result<Item> ItemStore::merge(EnvironmentId environment, int64_t into, const std::vector<int64_t>& others) {
  const Lock lock = settled();
  Item item;
  const Status done = database_.in_transaction([&]() -> Status {
    CLEW_ASSIGN(item, read_item(environment, into));
    if (item.merged_into != 0)
      return Status(ErrorKind::conflict,
                    fmt::format("error {} is part of {} already", into, item.merged_into));
    for (const int64_t other : others) {
      CLEW_ASSIGN(const Item merged, read_item(environment, other));
      if (other == into || merged.merged_into != 0)
        return Status(ErrorKind::conflict, fmt::format("error {} cannot be merged into {}", other, into));
      // Those that were merged into it stay what they are: parts, now of another.
      CLEW_TRY(database_.run("UPDATE error_groups SET item = ? WHERE item = ?", {into, other}));
      CLEW_TRY(database_.run("UPDATE error_items SET merged_into = ?1 WHERE id = ?2 OR merged_into = ?2",
                             {into, other}));
      CLEW_TRY(add_activity(into, "merged", fmt::format("{}", other)));
      CLEW_TRY(add_activity(other, "merged into", fmt::format("{}", into)));
    }
    CLEW_TRY(recount(into));
    CLEW_ASSIGN(item, read_item(environment, into));
    return {};
  });
  if (!done.ok()) return done;
  return item;
}

Result<Item> ItemStore::unmerge(EnvironmentId environment, int64_t id) {
  const Lock lock = settled();
  Item item;
  const Status done = database_.in_transaction([&]() -> Status {
    CLEW_ASSIGN(item, read_item(environment, id));
    if (item.merged_into == 0)
      return Status(ErrorKind::conflict, fmt::format("error {} is part of no other", id));
    const int64_t from = item.merged_into;
    CLEW_TRY(database_.run("UPDATE error_groups SET item = own_item WHERE own_item = ?", {id}));
    CLEW_TRY(database_.run("UPDATE error_items SET merged_into = 0 WHERE id = ?", {id}));
    CLEW_TRY(recount(id));
    CLEW_TRY(recount(from));
    CLEW_TRY(add_activity(id, "unmerged", fmt::format("{}", from)));
    CLEW_TRY(add_activity(from, "unmerged", fmt::format("{}", id)));
    CLEW_ASSIGN(item, read_item(environment, id));
    return {};
  });
  if (!done.ok()) return done;
  return item;
}

}  // namespace clew::control::errors
