// Reading items.

#include <fmt/format.h>

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

// One statement, in which an empty parameter lets everything through.
Result<ItemPage> ItemStore::list(EnvironmentId environment, const ItemQuery& query) {
  const Lock lock = settled();
  std::string words[4];
  size_t count = 0;
  std::string_view rest = query.text;
  while (!rest.empty() && count < 4) {
    const size_t end = std::min(rest.find(' '), rest.size());
    if (end > 0) words[count++] = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const std::string where = R"(
    FROM error_items AS i
    WHERE environment = ?1 AND merged_into = 0
      AND (CASE WHEN ?2 < 0 THEN state <> 3 ELSE state = ?2 END)
      AND (?3 OR snoozed_until < ?4)
      AND level >= ?5
      AND (?6 = '' OR service = ?6)
      AND (?7 = '' OR deployment = ?7)
      AND (?8 = '' OR framework = ?8)
      AND (?9 = '' OR EXISTS (
        SELECT 1 FROM error_versions AS v JOIN error_groups AS g ON g.id = v.group_id
        WHERE g.item = i.id AND v.version = ?9))
      AND (?10 = '' OR EXISTS (
        SELECT 1 FROM error_people AS p JOIN error_groups AS g ON g.id = p.group_id
        WHERE g.item = i.id AND (p.person = ?10 OR p.email = ?10 OR p.name = ?10)))
      AND instr(lower(title || ' ' || culprit || ' ' || type), lower(?11)) > 0
      AND instr(lower(title || ' ' || culprit || ' ' || type), lower(?12)) > 0
      AND instr(lower(title || ' ' || culprit || ' ' || type), lower(?13)) > 0
      AND instr(lower(title || ' ' || culprit || ' ' || type), lower(?14)) > 0)";
  const int64_t state = query.state ? static_cast<int64_t>(*query.state) : -1;
  const int64_t level = query.least_level ? static_cast<int64_t>(*query.least_level) : 0;
  ItemPage page;
  const auto run = [&](const std::string& statement, const std::function<void(const Row&)>& on_row) {
    return database_.run(statement,
                         {int64_t{environment.number}, state, int64_t{query.snoozed_too}, now().count, level,
                          std::string_view(query.service), std::string_view(query.deployment),
                          std::string_view(query.framework), std::string_view(query.version),
                          std::string_view(query.person), std::string_view(words[0]),
                          std::string_view(words[1]), std::string_view(words[2]), std::string_view(words[3])},
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

Result<int64_t> ItemStore::item_of_group(EnvironmentId environment, std::string_view fingerprint) {
  const Lock lock = settled();
  int64_t item = 0;
  CLEW_TRY(database_.run("SELECT item FROM error_groups WHERE environment = ? AND fingerprint = ?",
                         {int64_t{environment.number}, fingerprint},
                         [&](const Row& row) { item = row.integer(0); }));
  return item;
}

}  // namespace clew::control::errors
