// Reading items.

#include <fmt/format.h>

#include "base/json_value.h"
#include "control/errors/item_store.h"

namespace clew::control::errors {
namespace {

std::string_view order_of(ItemQuery::Sort sort) {
  switch (sort) {
    case ItemQuery::Sort::last_seen:
      return "last_seen DESC";
    case ItemQuery::Sort::first_seen:
      return "first_seen DESC";
    case ItemQuery::Sort::occurrences:
      return "occurrences DESC";
    case ItemQuery::Sort::people:
      return "people DESC";
    case ItemQuery::Sort::activated:
      return "activated_at DESC";
  }
  return "last_seen DESC";
}

JsonValue json_of(State state) {
  return JsonValue(static_cast<int64_t>(state));
}
JsonValue json_of(Level level) {
  return JsonValue(static_cast<int64_t>(level));
}
JsonValue json_of(int64_t number) {
  return JsonValue(number);
}
JsonValue json_of(const std::string& text) {
  return JsonValue(text);
}

// For json_each().
template <typename Values>
std::string json_list(const Values& values) {
  JsonValue::Array list;
  for (const auto& value : values) list.push_back(json_of(value));
  return JsonValue(std::move(list)).text();
}

}  // namespace

const char* const kItemColumns = R"(
  id, title, type, culprit, language, service, deployment, platform, framework, level, state, snoozed_until,
  resolved_at, resolved_in_version, activated_at, reactivations, merged_into, assignee, first_seen, last_seen,
  occurrences, since_activation, people, first_version, last_version, last_trace, first_occurrence,
  last_occurrence, activating_occurrence)";

Item item_of(const Row& row) {
  Item item;
  int column = 0;
  const auto text = [&] { return std::string(row.text(column++)); };
  const auto integer = [&] { return row.integer(column++); };
  item.id = integer();
  item.title = text();
  item.type = text();
  item.culprit = text();
  item.language = text();
  item.service = text();
  item.deployment = text();
  item.platform = text();
  item.framework = text();
  item.level = static_cast<Level>(integer());
  item.state = static_cast<State>(integer());
  item.snoozed_until = {integer()};
  item.resolved_at = {integer()};
  item.resolved_in_version = text();
  item.activated_at = {integer()};
  item.reactivations = integer();
  item.merged_into = integer();
  item.assignee = text();
  item.first_seen = {integer()};
  item.last_seen = {integer()};
  item.occurrences = integer();
  item.since_activation = integer();
  item.people = integer();
  item.first_version = text();
  item.last_version = text();
  item.last_trace = text();
  item.first_occurrence = integer();
  item.last_occurrence = integer();
  item.activating_occurrence = integer();
  return item;
}

Result<Item> ItemStore::read_item(EnvironmentId environment, int64_t id) {
  std::optional<Item> found;
  CLEW_TRY(database_.run(
      std::string("SELECT ") + kItemColumns + " FROM error_items WHERE environment = ? AND id = ?",
      {int64_t{environment.number}, id}, [&](const Row& row) { found = item_of(row); }));
  if (!found) return Status(ErrorKind::not_found, fmt::format("there is no error {}", id));
  return std::move(*found);
}

Result<Item> ItemStore::find(EnvironmentId environment, int64_t id) {
  const Lock lock = settled();
  return read_item(environment, id);
}

// One statement, in which an empty list or text lets everything through.
Result<ItemPage> ItemStore::list(EnvironmentId environment, const ItemQuery& query) {
  const Lock lock = settled();
  const std::string where = R"(
    FROM error_items AS i
    WHERE environment = ?1 AND merged_into = 0
      AND (CASE WHEN ?2 = '[]' THEN state <> 3 ELSE state IN (SELECT value FROM json_each(?2)) END)
      AND (?3 = '[]' OR level IN (SELECT value FROM json_each(?3)))
      AND level >= ?4
      AND (?5 = '[]' OR id IN (SELECT value FROM json_each(?5)))
      AND (?6 = '[]' OR deployment IN (SELECT value FROM json_each(?6)))
      AND (?7 = '[]' OR framework IN (SELECT value FROM json_each(?7)))
      AND (?8 = '' OR service = ?8)
      AND (?9 = '' OR EXISTS (
        SELECT 1 FROM error_versions AS v JOIN error_groups AS g ON g.id = v.group_id
        WHERE g.item = i.id AND v.version = ?9))
      AND (?10 = '' OR EXISTS (
        SELECT 1 FROM error_people AS p JOIN error_groups AS g ON g.id = p.group_id
        WHERE g.item = i.id AND (p.person = ?10 OR p.email = ?10 OR p.name = ?10)))
      AND (?11 = '' OR type = ?11)
      AND (?12 = '' OR EXISTS (SELECT 1 FROM error_groups AS g WHERE g.item = i.id AND g.fingerprint = ?12))
      AND (?13 < 0 OR (snoozed_until > ?14) = ?13)
      AND (?15 < 0 OR (assignee <> '') = ?15)
      AND (?16 = '' OR assignee = ?16)
      AND NOT EXISTS (
        SELECT 1 FROM json_each(?17)
        WHERE instr(lower(title || ' ' || culprit || ' ' || type), lower(value)) = 0))";
  const std::string states = json_list(query.states), levels = json_list(query.levels),
                    ids = json_list(query.ids), deployments = json_list(query.deployments),
                    frameworks = json_list(query.frameworks), words = json_list(query.words);
  const int64_t level = query.least_level ? static_cast<int64_t>(*query.least_level) : 0;
  const auto wanted = [](const std::optional<bool>& value) { return value ? int64_t{*value} : int64_t{-1}; };
  ItemPage page;
  const auto run = [&](const std::string& statement, const std::function<void(const Row&)>& on_row) {
    return database_.run(
        statement,
        {int64_t{environment.number}, std::string_view(states), std::string_view(levels), level,
         std::string_view(ids), std::string_view(deployments), std::string_view(frameworks),
         std::string_view(query.service), std::string_view(query.version), std::string_view(query.person),
         std::string_view(query.type), std::string_view(query.fingerprint), wanted(query.snoozed),
         now().count, wanted(query.is_assigned), std::string_view(query.assignee), std::string_view(words)},
        on_row);
  };
  CLEW_TRY(run("SELECT COUNT(*)" + where, [&](const Row& row) { page.total = row.integer(0); }));
  CLEW_TRY(run(fmt::format("SELECT {}{} ORDER BY {}, id DESC LIMIT {} OFFSET {}", kItemColumns, where,
                           order_of(query.sort), query.limit, query.offset),
               [&](const Row& row) { page.items.push_back(item_of(row)); }));
  return page;
}

Result<std::vector<Group>> ItemStore::groups_of(int64_t item) {
  const Lock lock = settled();
  std::vector<Group> groups;
  CLEW_TRY(
      database_.run("SELECT fingerprint, hashed, reason, own_item, occurrences, first_seen, last_seen FROM "
                    "error_groups WHERE item = ? ORDER BY id LIMIT 1000",
                    {item}, [&](const Row& row) {
                      groups.push_back({.fingerprint = std::string(row.text(0)),
                                        .hashed = std::string(row.text(1)),
                                        .reason = std::string(row.text(2)),
                                        .own_item = row.integer(3),
                                        .occurrences = row.integer(4),
                                        .first_seen = {row.integer(5)},
                                        .last_seen = {row.integer(6)}});
                    }));
  return groups;
}

Result<std::vector<VersionSeen>> ItemStore::versions_of(int64_t item, size_t most) {
  const Lock lock = settled();
  std::vector<VersionSeen> versions;
  CLEW_TRY(database_.run(
      "SELECT version, MIN(first), MAX(last), SUM(v.count) FROM error_versions AS v JOIN "
      "error_groups AS g ON g.id = v.group_id WHERE g.item = ? GROUP BY version ORDER BY 3 DESC "
      "LIMIT ?",
      {item, static_cast<int64_t>(most)}, [&](const Row& row) {
        versions.push_back({.version = std::string(row.text(0)),
                            .first = {row.integer(1)},
                            .last = {row.integer(2)},
                            .occurrences = row.integer(3)});
      }));
  return versions;
}

Result<std::vector<PersonSeen>> ItemStore::people_of(int64_t item, size_t most) {
  const Lock lock = settled();
  std::vector<PersonSeen> people;
  CLEW_TRY(database_.run(
      "SELECT person, MAX(name), MAX(email), MAX(last), SUM(p.count) FROM error_people AS p JOIN "
      "error_groups AS g ON g.id = p.group_id WHERE g.item = ? GROUP BY person ORDER BY 4 DESC "
      "LIMIT ?",
      {item, static_cast<int64_t>(most)}, [&](const Row& row) {
        people.push_back({.person = {.id = std::string(row.text(0)),
                                     .name = std::string(row.text(1)),
                                     .email = std::string(row.text(2))},
                          .last = {row.integer(3)},
                          .occurrences = row.integer(4)});
      }));
  return people;
}

Result<std::vector<Activity>> ItemStore::activity_of(int64_t item, size_t most) {
  const Lock lock = settled();
  std::vector<Activity> activity;
  CLEW_TRY(database_.run(
      "SELECT at, kind, detail FROM error_activity WHERE item = ? ORDER BY id DESC LIMIT ?",
      {item, static_cast<int64_t>(most)}, [&](const Row& row) {
        activity.push_back(
            {.at = {row.integer(0)}, .kind = std::string(row.text(1)), .detail = std::string(row.text(2))});
      }));
  return activity;
}

Result<std::vector<int64_t>> ItemStore::counts_of(int64_t item, UnixNanos at, size_t buckets,
                                                  int64_t hours_each) {
  return count_hours("g.item", item, at, buckets, hours_each);
}

Result<std::vector<int64_t>> ItemStore::counts(EnvironmentId environment, UnixNanos at, size_t buckets,
                                               int64_t hours_each) {
  return count_hours("g.environment", environment.number, at, buckets, hours_each);
}

Result<std::vector<int64_t>> ItemStore::count_hours(std::string_view of, int64_t value, UnixNanos at,
                                                    size_t buckets, int64_t hours_each) {
  const Lock lock = settled();
  std::vector<int64_t> counts(buckets);
  const int64_t end = at.count / hours(1).count + 1;
  const int64_t begin = end - static_cast<int64_t>(buckets) * hours_each;
  CLEW_TRY(database_.run(
      fmt::format(
          "SELECT hour, SUM(h.count) FROM error_hours AS h JOIN error_groups AS g ON g.id = h.group_id "
          "WHERE {} = ? AND hour >= ? AND hour < ? GROUP BY hour",
          of),
      {value, begin, end}, [&](const Row& row) {
        counts[static_cast<size_t>((row.integer(0) - begin) / hours_each)] += row.integer(1);
      }));
  return counts;
}

Result<std::vector<std::string>> ItemStore::people_in_charge(EnvironmentId environment) {
  const Lock lock = settled();
  std::vector<std::string> names;
  CLEW_TRY(database_.run(
      "SELECT assignee FROM error_items WHERE environment = ?1 AND assignee <> '' UNION SELECT CASE WHEN "
      "rollbar_username <> '' THEN rollbar_username ELSE local_username END AS name FROM error_deploys WHERE "
      "environment = ?1 AND name <> '' ORDER BY 1 LIMIT 1000",
      {int64_t{environment.number}}, [&](const Row& row) { names.emplace_back(row.text(0)); }));
  return names;
}

Result<std::vector<std::string>> ItemStore::deployments(EnvironmentId environment) {
  const Lock lock = settled();
  std::vector<std::string> names;
  CLEW_TRY(
      database_.run("SELECT deployment FROM error_items WHERE environment = ?1 AND deployment <> '' UNION "
                    "SELECT deployment FROM "
                    "error_deploys WHERE environment = ?1 ORDER BY 1 LIMIT 1000",
                    {int64_t{environment.number}}, [&](const Row& row) { names.emplace_back(row.text(0)); }));
  return names;
}

Result<std::string> ItemStore::fingerprint_of(int64_t item) {
  const Lock lock = settled();
  std::string fingerprint;
  CLEW_TRY(database_.run("SELECT fingerprint FROM error_groups WHERE own_item = ? ORDER BY id LIMIT 1",
                         {item}, [&](const Row& row) { fingerprint = row.text(0); }));
  return fingerprint;
}

Result<std::vector<int64_t>> ItemStore::activations(EnvironmentId environment, UnixNanos at, size_t buckets) {
  const Lock lock = settled();
  std::vector<int64_t> counts(buckets);
  const int64_t begin = (at - days(static_cast<int64_t>(buckets))).count;
  CLEW_TRY(database_.run(
      "SELECT a.at FROM error_activity AS a JOIN error_items AS i ON i.id = a.item WHERE i.environment = ? "
      "AND "
      "a.at > ? AND a.at <= ? AND a.kind IN ('created', 'reactivated')",
      {int64_t{environment.number}, begin, at.count},
      [&](const Row& row) { ++counts[static_cast<size_t>((row.integer(0) - begin - 1) / days(1).count)]; }));
  return counts;
}

Result<int64_t> ItemStore::item_of_group(EnvironmentId environment, std::string_view fingerprint) {
  const Lock lock = settled();
  int64_t item = 0;
  CLEW_TRY(database_.run("SELECT item FROM error_groups WHERE environment = ? AND fingerprint = ?",
                         {int64_t{environment.number}, fingerprint},
                         [&](const Row& row) { item = row.integer(0); }));
  return item;
}

}  // namespace clew::control::errors
