// Counting occurrences.

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "control/errors/item_store.h"
#include "control/schema.h"

namespace clew::control::errors {
namespace {

// Beyond these an item's lists of people and versions grow no more; occurrences are counted all the same.
constexpr int64_t kMostPeople = 10'000;
constexpr int64_t kMostVersions = 1'000;
constexpr Nanoseconds kKeepUuids = days(7);
constexpr Nanoseconds kKeepHours = days(90);

std::string culprit_text(const Occurrence& occurrence) {
  const Frame* frame = culprit_of(occurrence);
  if (frame == nullptr) return occurrence.context;
  if (frame->file.empty()) return frame->method;
  std::string text = frame->file;
  if (!frame->method.empty()) text += " in " + frame->method;
  return text;
}

// Whether a new occurrence brings a resolved item back.
bool brings_back(const Item& item, const Occurrence& occurrence, bool seen_before_resolved) {
  if (item.state != State::resolved) return false;
  if (occurrence.version.empty()) return true;
  if (!item.resolved_in_version.empty()) {
    if (occurrence.version == item.resolved_in_version) return true;
    if (const auto older = is_older(occurrence.version, item.resolved_in_version)) return !*older;
    // Of names without order: what was seen before it was resolved still has the error, as is known.
    return !seen_before_resolved;
  }
  return true;
}

}  // namespace

Result<std::unique_ptr<ItemStore>> ItemStore::open(const std::string& data_directory) {
  CLEW_ASSIGN(Database database, open_control_database(data_directory));
  return std::make_unique<ItemStore>(std::move(database));
}

Result<std::optional<FoundUuid>> ItemStore::find_uuid(EnvironmentId environment, std::string_view uuid) {
  const std::lock_guard lock(mutex_);
  std::optional<FoundUuid> found;
  CLEW_TRY(database_.run(
      "SELECT g.item, u.occurrence FROM error_uuids AS u JOIN error_groups AS g ON g.id = "
      "u.group_id WHERE u.environment = ? AND u.uuid = ?",
      {int64_t{environment.number}, uuid},
      [&](const Row& row) { found = FoundUuid{.item = row.integer(0), .occurrence = row.integer(1)}; }));
  return found;
}

Status ItemStore::add_activity(int64_t item, std::string_view kind, std::string_view detail) {
  return database_.run("INSERT INTO error_activity (item, at, kind, detail) VALUES (?, ?, ?, ?)",
                       {item, now().count, kind, detail});
}

// The group's row, made with an item when it is new.
Result<ItemStore::GroupPlace> ItemStore::place_of(const Arrived& arrived, std::vector<Change>& changes) {
  const int64_t environment = arrived.environment.number;
  const Occurrence& occurrence = arrived.occurrence;
  GroupPlace place;
  CLEW_TRY(database_.run("SELECT id, item FROM error_groups WHERE environment = ? AND fingerprint = ?",
                         {environment, std::string_view(arrived.fingerprint.group)},
                         [&](const Row& row) { place = {.group = row.integer(0), .item = row.integer(1)}; }));
  if (place.group != 0) return place;
  const int64_t at = occurrence.at.count;
  CLEW_ASSIGN(
      place.item,
      database_.integer(
          "INSERT INTO error_items (environment, title, type, culprit, language, service, deployment, "
          "platform, "
          "framework, level, activated_at, first_seen, last_seen, first_version, first_occurrence, "
          "activating_occurrence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
          {environment, title_of(occurrence), std::string_view(occurrence.type), culprit_text(occurrence),
           name_of(occurrence.language), std::string_view(occurrence.service),
           std::string_view(occurrence.deployment), std::string_view(occurrence.platform),
           std::string_view(occurrence.framework), static_cast<int64_t>(occurrence.level), at, at, at,
           std::string_view(occurrence.version), occurrence.id, occurrence.id}));
  CLEW_ASSIGN(place.group,
              database_.integer("INSERT INTO error_groups (environment, fingerprint, item, own_item, hashed, "
                                "reason, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                                {environment, std::string_view(arrived.fingerprint.group), place.item,
                                 place.item, std::string_view(arrived.fingerprint.hashed),
                                 std::string_view(arrived.fingerprint.reason), at, at}));
  CLEW_TRY(add_activity(place.item, "created", occurrence.version));
  Change change;
  change.kind = Change::Kind::created;
  change.item.id = place.item;
  changes.push_back(std::move(change));
  return place;
}

// Everything that is kept by group: hour, version, person.
Status ItemStore::count_occurrence(const Arrived& arrived, GroupPlace place) {
  const Occurrence& occurrence = arrived.occurrence;
  const int64_t at = occurrence.at.count;
  CLEW_TRY(
      database_.run("INSERT INTO error_hours VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1",
                    {place.group, at / hours(1).count}));
  if (!occurrence.version.empty())
    CLEW_TRY(database_.run(
        "INSERT INTO error_versions SELECT ?, ?, ?, ?, 1 WHERE (SELECT COUNT(*) FROM error_versions WHERE "
        "group_id = ?) < ? ON CONFLICT DO UPDATE SET count = count + 1, first = MIN(first, excluded.first), "
        "last = MAX(last, excluded.last)",
        {place.group, std::string_view(occurrence.version), at, at, place.group, kMostVersions}));
  if (!occurrence.person.id.empty())
    CLEW_TRY(database_.run(
        "INSERT INTO error_people SELECT ?, ?, ?, ?, ?, 1 WHERE (SELECT COUNT(*) FROM error_people WHERE "
        "group_id = ?) < ? ON CONFLICT DO UPDATE SET count = count + 1, last = MAX(last, excluded.last), "
        "name = excluded.name, email = excluded.email",
        {place.group, std::string_view(occurrence.person.id), std::string_view(occurrence.person.name),
         std::string_view(occurrence.person.email), at, place.group, kMostPeople}));
  return database_.run(
      "UPDATE error_groups SET occurrences = occurrences + 1, first_seen = MIN(first_seen, ?), last_seen = "
      "MAX(last_seen, ?) WHERE id = ?",
      {at, at, place.group});
}

Status ItemStore::forget_old(UnixNanos at) {
  if (at - forgot_at_ < hours(1)) return {};
  forgot_at_ = at;
  CLEW_TRY(database_.run("DELETE FROM error_uuids WHERE at < ?", {(at - kKeepUuids).count}));
  return database_.run("DELETE FROM error_hours WHERE hour < ?", {(at - kKeepHours).count / hours(1).count});
}

Result<std::vector<Change>> ItemStore::commit(const std::vector<Arrived>& arrived) {
  const std::lock_guard lock(mutex_);
  std::vector<Change> changes;
  const Status done = database_.in_transaction([&]() -> Status {
    changes.clear();
    for (const Arrived& one : arrived) {
      const Occurrence& occurrence = one.occurrence;
      CLEW_ASSIGN(const GroupPlace place, place_of(one, changes));
      if (!occurrence.uuid.empty()) {
        const Status noted =
            database_.run("INSERT INTO error_uuids VALUES (?, ?, ?, ?, ?)",
                          {int64_t{one.environment.number}, std::string_view(occurrence.uuid), place.group,
                           occurrence.id, now().count});
        if (!noted.ok() && noted.kind() == ErrorKind::conflict) continue;
        CLEW_TRY(noted);
      }
      CLEW_ASSIGN(const Item item, read_item(one.environment, place.item));
      bool seen_before = false;
      if (item.state == State::resolved && !occurrence.version.empty())
        CLEW_TRY(
            database_.run("SELECT 1 FROM error_versions AS v JOIN error_groups AS g ON g.id = v.group_id "
                          "WHERE g.item = ? AND v.version = ? AND v.first < ?",
                          {item.id, std::string_view(occurrence.version), item.resolved_at.count},
                          [&](const Row&) { seen_before = true; }));
      CLEW_TRY(count_occurrence(one, place));
      CLEW_TRY(database_.run(
          "UPDATE error_items SET occurrences = occurrences + 1, since_activation = since_activation + 1, "
          "first_seen = MIN(first_seen, ?), last_seen = MAX(last_seen, ?), last_version = CASE WHEN ? = '' "
          "THEN "
          "last_version ELSE ? END, last_trace = CASE WHEN ? = '' THEN last_trace ELSE ? END, "
          "last_occurrence = "
          "? WHERE id = ?",
          {occurrence.at.count, occurrence.at.count, std::string_view(occurrence.version),
           std::string_view(occurrence.version), std::string_view(occurrence.trace_id),
           std::string_view(occurrence.trace_id), occurrence.id, item.id}));
      if (brings_back(item, occurrence, seen_before)) {
        CLEW_TRY(
            database_.run("UPDATE error_items SET state = 0, resolved_at = 0, resolved_in_version = '', "
                          "activated_at = ?, reactivations = reactivations + 1, since_activation = 1, "
                          "activating_occurrence = ? WHERE id = ?",
                          {occurrence.at.count, occurrence.id, item.id}));
        CLEW_TRY(add_activity(item.id, "reactivated", occurrence.version));
        Change change;
        change.kind = Change::Kind::reactivated;
        change.item.id = item.id;
        changes.push_back(std::move(change));
      }
      auto counted = std::find_if(changes.begin(), changes.end(), [&](const Change& change) {
        return change.item.id == item.id && change.kind == Change::Kind::counted;
      });
      if (counted == changes.end()) {
        Change change;
        change.item.id = item.id;
        change.counted_before = item.since_activation;
        counted = changes.insert(changes.end(), std::move(change));
      }
      ++counted->occurrences;
    }
    std::map<int64_t, Item> read;
    for (Change& change : changes) {
      const auto [known, is_new] = read.try_emplace(change.item.id);
      if (is_new) {
        CLEW_TRY(database_.run(
            "UPDATE error_items SET people = (SELECT COUNT(DISTINCT p.person) FROM error_people "
            "AS p JOIN error_groups AS g ON g.id = p.group_id WHERE g.item = ?) WHERE id = ?",
            {change.item.id, change.item.id}));
        CLEW_TRY(database_.run(std::string("SELECT ") + kItemColumns + " FROM error_items WHERE id = ?",
                               {change.item.id}, [&](const Row& row) { known->second = item_of(row); }));
      }
      change.item = known->second;
    }
    return forget_old(now());
  });
  if (!done.ok()) return done;
  return changes;
}

}  // namespace clew::control::errors
