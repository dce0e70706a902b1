// Counting occurrences.

#include <algorithm>
#include <cstring>
#include <map>
#include <unordered_map>
#include <utility>

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
// Groups whose lists' lengths are known without asking.
constexpr size_t kMostLengthsKept = 100'000;

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

struct VersionTally {
  int64_t first = 0, last = 0, count = 0;
};
struct PersonTally {
  const Person* person = nullptr;  // as the latest occurrence says
  int64_t last = 0, count = 0;
};

}  // namespace

// What a commit adds to one group. An item may have thousands of occurrences in a commit, and each costs no
// more than its place in these.
struct ItemStore::GroupTally {
  GroupPlace place;
  int64_t count = 0, first = 0, last = 0;
  std::map<int64_t, int64_t> hours;
  std::map<std::string_view, VersionTally> versions;
  std::unordered_map<std::string_view, PersonTally> people;
};

// A commit under way. Views are into what has arrived.
struct ItemStore::Counting {
  std::map<std::pair<EnvironmentId, std::string_view>, GroupTally> groups;
  std::map<int64_t, Item> items;      // as they will be
  std::map<int64_t, size_t> counted;  // which change says so, by item
  std::vector<Change> changes;
};

Result<std::unique_ptr<ItemStore>> ItemStore::open(const std::string& data_directory) {
  CLEW_ASSIGN(Database database, open_control_database(data_directory));
  CLEW_ASSIGN(std::unique_ptr<KnownUuids> known_uuids, KnownUuids::open(data_directory));
  return std::make_unique<ItemStore>(std::move(database), std::move(known_uuids));
}

void ItemStore::tidy() {
  const std::lock_guard lock(mutex_);
  // Fails while others read; then the log is emptied another time.
  (void)database_.empty_log();
}

ItemStore::Lock ItemStore::settled() {
  if (settle_) settle_();
  return Lock(mutex_);
}

Result<std::vector<EnvironmentId>> ItemStore::environments() {
  const std::lock_guard lock(mutex_);
  std::vector<EnvironmentId> all;
  CLEW_TRY(database_.run("SELECT number FROM environments ORDER BY number", {},
                         [&](const Row& row) { all.push_back({static_cast<uint32_t>(row.integer(0))}); }));
  return all;
}

void ItemStore::expect(const std::vector<Arrived>& arrived) {
  for (const Arrived& one : arrived) known_uuids_->add(one.environment, one.occurrence.uuid);
}

Result<bool> ItemStore::knows_uuid(EnvironmentId environment, std::string_view uuid) {
  return known_uuids_->knows(environment, uuid);
}

Result<std::optional<FoundUuid>> ItemStore::find_uuid(EnvironmentId environment, std::string_view uuid) {
  const Lock lock = settled();
  std::optional<FoundUuid> found;
  CLEW_TRY(database_.run(
      "SELECT g.item, u.occurrence FROM error_uuids AS u JOIN error_groups AS g ON g.id = "
      "u.group_id WHERE u.environment = ? AND u.uuid = ?",
      {int64_t{environment.number}, uuid},
      [&](const Row& row) { found = FoundUuid{.item = row.integer(0), .occurrence = row.integer(1)}; }));
  return found;
}

Result<CountedSoFar> ItemStore::counted_so_far() {
  const std::lock_guard lock(mutex_);
  CountedSoFar so_far;
  CLEW_TRY(database_.run("SELECT until, beyond FROM error_counting", {}, [&](const Row& row) {
    so_far.until = row.integer(0);
    const std::string_view bytes = row.blob(1);
    for (size_t at = 0; at + sizeof(int64_t) <= bytes.size(); at += sizeof(int64_t)) {
      int64_t id = 0;
      std::memcpy(&id, bytes.data() + at, sizeof(id));
      so_far.beyond.push_back(id);
    }
  }));
  return so_far;
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
  change.environment = arrived.environment;
  change.item.id = place.item;
  changes.push_back(std::move(change));
  return place;
}

Status ItemStore::add(const Arrived& arrived, Counting& counting) {
  const Occurrence& occurrence = arrived.occurrence;
  const int64_t at = occurrence.at.count;
  if (!occurrence.uuid.empty()) {
    bool is_known = false;
    CLEW_TRY(database_.run("SELECT 1 FROM error_uuids WHERE environment = ? AND uuid = ?",
                           {int64_t{arrived.environment.number}, std::string_view(occurrence.uuid)},
                           [&](const Row&) { is_known = true; }));
    if (is_known) return {};
  }
  const auto [known, is_new] =
      counting.groups.try_emplace({arrived.environment, std::string_view(arrived.fingerprint.group)});
  GroupTally& tally = known->second;
  if (is_new) {
    CLEW_ASSIGN(tally.place, place_of(arrived, counting.changes));
    tally.first = tally.last = at;
  }
  if (!occurrence.uuid.empty())
    CLEW_TRY(database_.run("INSERT INTO error_uuids VALUES (?, ?, ?, ?, ?)",
                           {int64_t{arrived.environment.number}, std::string_view(occurrence.uuid),
                            tally.place.group, occurrence.id, now().count}));
  auto item_at = counting.items.find(tally.place.item);
  if (item_at == counting.items.end()) {
    CLEW_ASSIGN(Item read, read_item(arrived.environment, tally.place.item));
    item_at = counting.items.emplace(tally.place.item, std::move(read)).first;
  }
  Item& item = item_at->second;
  CLEW_ASSIGN(const bool seen_before, was_seen_before_resolved(item, occurrence.version, counting));

  ++tally.count;
  tally.first = std::min(tally.first, at);
  tally.last = std::max(tally.last, at);
  ++tally.hours[at / hours(1).count];
  if (!occurrence.version.empty()) {
    VersionTally& version =
        tally.versions.try_emplace(occurrence.version, VersionTally{.first = at, .last = at}).first->second;
    version.first = std::min(version.first, at);
    version.last = std::max(version.last, at);
    ++version.count;
  }
  if (!occurrence.person.id.empty()) {
    PersonTally& person = tally.people[occurrence.person.id];
    person.person = &occurrence.person;
    person.last = std::max(person.last, at);
    ++person.count;
  }

  int64_t counted_before = item.since_activation;
  ++item.occurrences;
  ++item.since_activation;
  item.first_seen = std::min(item.first_seen, occurrence.at);
  item.last_seen = std::max(item.last_seen, occurrence.at);
  if (!occurrence.version.empty()) item.last_version = occurrence.version;
  if (!occurrence.trace_id.empty()) item.last_trace = occurrence.trace_id;
  item.last_occurrence = occurrence.id;
  if (brings_back(item, occurrence, seen_before)) {
    item.state = State::active;
    item.resolved_at = {};
    item.resolved_in_version.clear();
    item.activated_at = occurrence.at;
    ++item.reactivations;
    item.since_activation = 1;
    item.activating_occurrence = occurrence.id;
    CLEW_TRY(add_activity(item.id, "reactivated", occurrence.version));
    Change change;
    change.kind = Change::Kind::reactivated;
    change.environment = arrived.environment;
    change.item.id = item.id;
    counting.changes.push_back(std::move(change));
    // Those that it had while it was resolved are counted no more.
    counted_before = 0;
    if (const auto before = counting.counted.find(item.id); before != counting.counted.end()) {
      counting.changes[before->second].counted_before = 0;
      counting.changes[before->second].occurrences = 0;
    }
  }
  const auto [counted, is_first] = counting.counted.try_emplace(item.id, counting.changes.size());
  if (is_first) {
    Change change;
    change.environment = arrived.environment;
    change.item.id = item.id;
    change.counted_before = counted_before;
    counting.changes.push_back(std::move(change));
  }
  Change& change = counting.changes[counted->second];
  ++change.occurrences;
  change.latest = &arrived;
  return {};
}

Result<bool> ItemStore::was_seen_before_resolved(const Item& item, std::string_view version,
                                                 const Counting& counting) {
  if (item.state != State::resolved || version.empty()) return false;
  for (const auto& [name, tally] : counting.groups) {
    const auto seen = tally.versions.find(version);
    if (tally.place.item == item.id && seen != tally.versions.end() &&
        seen->second.first < item.resolved_at.count)
      return true;
  }
  bool seen = false;
  CLEW_TRY(
      database_.run("SELECT 1 FROM error_versions AS v JOIN error_groups AS g ON g.id = v.group_id "
                    "WHERE g.item = ? AND v.version = ? AND v.first < ?",
                    {item.id, version, item.resolved_at.count}, [&](const Row&) { seen = true; }));
  return seen;
}

// From memory, or else with a statement that counts the group's rows.
Result<int64_t*> ItemStore::length_of(Lengths& lengths, std::string_view statement, int64_t group) {
  if (const auto known = lengths.find(group); known != lengths.end()) return &known->second;
  CLEW_ASSIGN(const int64_t length, database_.integer(statement, {group}));
  if (lengths.size() >= kMostLengthsKept) lengths.clear();
  return &(lengths[group] = length);
}

Status ItemStore::write(const GroupTally& tally) {
  const int64_t group = tally.place.group;
  for (const auto& [hour, count] : tally.hours)
    CLEW_TRY(database_.run(
        "INSERT INTO error_hours VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
        {group, hour, count}));
  // A row whose count is what was added now is a new one.
  CLEW_ASSIGN(int64_t * versions,
              length_of(versions_of_group_, "SELECT COUNT(*) FROM error_versions WHERE group_id = ?", group));
  for (const auto& [version, seen] : tally.versions)
    CLEW_TRY(database_.run(
        *versions < kMostVersions
            ? "INSERT INTO error_versions VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET count = "
              "count "
              "+ excluded.count, first = MIN(first, excluded.first), last = MAX(last, excluded.last) "
              "RETURNING count = ?5"
            : "UPDATE error_versions SET count = count + ?5, first = MIN(first, ?3), last = MAX(last, ?4) "
              "WHERE group_id = ?1 AND version = ?2 RETURNING 0",
        {group, version, seen.first, seen.last, seen.count},
        [&](const Row& row) { *versions += row.integer(0); }));
  CLEW_ASSIGN(int64_t * people,
              length_of(people_of_group_, "SELECT COUNT(*) FROM error_people WHERE group_id = ?", group));
  for (const auto& [id, seen] : tally.people)
    CLEW_TRY(database_.run(
        *people < kMostPeople
            ? "INSERT INTO error_people VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET count = "
              "count + excluded.count, last = MAX(last, excluded.last), name = excluded.name, email = "
              "excluded.email RETURNING count = ?6"
            : "UPDATE error_people SET count = count + ?6, last = MAX(last, ?5), name = ?3, email = ?4 WHERE "
              "group_id = ?1 AND person = ?2 RETURNING 0",
        {group, id, std::string_view(seen.person->name), std::string_view(seen.person->email), seen.last,
         seen.count},
        [&](const Row& row) { *people += row.integer(0); }));
  return database_.run(
      "UPDATE error_groups SET occurrences = occurrences + ?, first_seen = MIN(first_seen, ?), last_seen = "
      "MAX(last_seen, ?) WHERE id = ?",
      {tally.count, tally.first, tally.last, group});
}

Status ItemStore::write(Item& item, const Counting& counting) {
  CLEW_ASSIGN(const int64_t groups,
              database_.integer("SELECT COUNT(*) FROM error_groups WHERE item = ?", {item.id}));
  if (groups == 1) {
    // Counted already, and there may be thousands.
    for (const auto& [name, tally] : counting.groups)
      if (tally.place.item == item.id) item.people = people_of_group_[tally.place.group];
  } else {
    CLEW_ASSIGN(item.people, database_.integer("SELECT COUNT(DISTINCT p.person) FROM error_people AS p JOIN "
                                               "error_groups AS g ON g.id = p.group_id WHERE g.item = ?",
                                               {item.id}));
  }
  return database_.run(
      "UPDATE error_items SET occurrences = ?, since_activation = ?, first_seen = ?, last_seen = ?, "
      "last_version = ?, last_trace = ?, last_occurrence = ?, state = ?, resolved_at = ?, "
      "resolved_in_version = ?, activated_at = ?, reactivations = ?, activating_occurrence = ?, people = ? "
      "WHERE id = ?",
      {item.occurrences, item.since_activation, item.first_seen.count, item.last_seen.count,
       std::string_view(item.last_version), std::string_view(item.last_trace), item.last_occurrence,
       static_cast<int64_t>(item.state), item.resolved_at.count, std::string_view(item.resolved_in_version),
       item.activated_at.count, item.reactivations, item.activating_occurrence, item.people, item.id});
}

Status ItemStore::forget_old(UnixNanos at) {
  if (at - forgot_at_ < hours(1)) return {};
  forgot_at_ = at;
  CLEW_TRY(database_.run("DELETE FROM error_uuids WHERE at < ?", {(at - kKeepUuids).count}));
  return database_.run("DELETE FROM error_hours WHERE hour < ?", {(at - kKeepHours).count / hours(1).count});
}

Result<std::vector<Change>> ItemStore::commit(const std::vector<ArrivedBatch>& batches,
                                              const CountedSoFar& so_far) {
  const std::lock_guard lock(mutex_);
  Counting counting;
  const auto work = [&]() -> Status {
    for (const ArrivedBatch& batch : batches) {
      for (const Arrived& one : batch) CLEW_TRY(add(one, counting));
    }
    for (const auto& [name, tally] : counting.groups) CLEW_TRY(write(tally));
    for (auto& [id, item] : counting.items) CLEW_TRY(write(item, counting));
    CLEW_TRY(forget_old(now()));
    const std::string_view beyond(reinterpret_cast<const char*>(so_far.beyond.data()),
                                  so_far.beyond.size() * sizeof(int64_t));
    return database_.run("UPDATE error_counting SET until = ?, beyond = ?", {so_far.until, Blob{beyond}});
  };
  // What a power cut takes back is counted at the next start.
  const Status done = database_.in_transaction(work, Database::Durable::later);
  if (!done.ok()) {
    // They may count what was taken back.
    versions_of_group_.clear();
    people_of_group_.clear();
    return done;
  }
  for (Change& change : counting.changes) {
    change.latest = counting.changes[counting.counted.at(change.item.id)].latest;
    change.item = counting.items.at(change.item.id);
  }
  return std::move(counting.changes);
}

}  // namespace clew::control::errors
