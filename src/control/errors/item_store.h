// ItemStore: the items of the control database. Any thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "control/database.h"
#include "control/errors/fingerprint.h"
#include "control/errors/item.h"
#include "control/errors/known_uuids.h"
#include "telemetry/batch.h"

namespace clew::control::errors {

// An occurrence that is in the store, and its group.
struct Arrived {
  EnvironmentId environment;
  Occurrence occurrence;
  Fingerprint fingerprint;
};

using ArrivedBatch = std::vector<Arrived>;

// Which occurrences have been counted: all whose id is at most `until`, and some beyond.
struct CountedSoFar {
  int64_t until = 0;
  std::vector<int64_t> beyond;  // ascending
};

// What is not set lets everything through; of a list, one must hold.
struct ItemQuery {
  std::vector<State> states;  // none: all but archived ones
  std::vector<Level> levels;
  std::optional<Level> least_level;
  std::vector<int64_t> ids;
  std::vector<std::string> deployments, frameworks;
  std::string service, version, person, type, fingerprint;
  std::optional<bool> snoozed;
  std::optional<bool> is_assigned;
  std::string assignee;
  std::vector<std::string> words;  // each is in title, culprit or type
  enum class Sort : uint8_t { last_seen, first_seen, occurrences, people, activated } sort = Sort::last_seen;
  size_t limit = 100;
  size_t offset = 0;
};

struct ItemPage {
  std::vector<Item> items;
  int64_t total = 0;
};

// What a person changes; absent members stay.
struct ItemEdit {
  std::optional<State> state;
  std::optional<std::string> resolved_in_version;
  std::optional<UnixNanos> snoozed_until;
  std::optional<std::string> title;
  std::optional<Level> level;
  std::optional<std::string> assignee;
};

struct FoundUuid {
  int64_t item = 0;
  int64_t occurrence = 0;
};

class ItemStore {
 public:
  static Result<std::unique_ptr<ItemStore>> open(const std::string& data_directory);
  ItemStore(Database database, std::unique_ptr<KnownUuids> known_uuids)
      : database_(std::move(database)), known_uuids_(std::move(known_uuids)) {}

  // item_commit.cpp. All or nothing: counts the occurrences, makes items for groups that are new, brings
  // resolved ones back, and notes how far counting has come. An occurrence with a uuid that is known already
  // is not counted.
  Result<std::vector<Change>> commit(const std::vector<ArrivedBatch>& batches, const CountedSoFar& so_far);
  Result<CountedSoFar> counted_so_far();
  // When there is nothing to count: gives disk space back.
  void tidy();
  // These are stored and will be counted: their uuids are known from now on.
  void expect(const std::vector<Arrived>& arrived);
  // Whether an occurrence with that uuid is stored. From memory nearly always, and never behind a commit.
  Result<bool> knows_uuid(EnvironmentId environment, std::string_view uuid);
  Result<std::optional<FoundUuid>> find_uuid(EnvironmentId environment, std::string_view uuid);

  // Everything below is told of, and changes, what has been counted when `settle` returns. Empty: at once.
  void settle_with(std::function<void()> settle) { settle_ = std::move(settle); }
  Result<std::vector<EnvironmentId>> environments();

  // item_queries.cpp
  Result<ItemPage> list(EnvironmentId environment, const ItemQuery& query);
  // Also a merged one. not_found.
  Result<Item> find(EnvironmentId environment, int64_t id);
  Result<std::vector<Group>> groups_of(int64_t item);
  Result<std::vector<VersionSeen>> versions_of(int64_t item, size_t most);
  Result<std::vector<PersonSeen>> people_of(int64_t item, size_t most);
  Result<std::vector<Activity>> activity_of(int64_t item, size_t most);
  // Counts of the `buckets` spans of `hours_each` hours that end with the current hour, the oldest first.
  Result<std::vector<int64_t>> counts_of(int64_t item, UnixNanos at, size_t buckets, int64_t hours_each);
  // The same of all items: for reports.
  Result<std::vector<int64_t>> counts(EnvironmentId environment, UnixNanos at, size_t buckets,
                                      int64_t hours_each);
  // To whom errors were assigned, and who rolled something out; in alphabetical order.
  Result<std::vector<std::string>> people_in_charge(EnvironmentId environment);
  // The deployment environments that errors and deploys named; in alphabetical order.
  Result<std::vector<std::string>> deployments(EnvironmentId environment);
  // The fingerprint of the group that an item began with.
  Result<std::string> fingerprint_of(int64_t item);
  // How often errors of an environment were new or came back, in each of `buckets` days that end with this
  // one, the oldest first.
  Result<std::vector<int64_t>> activations(EnvironmentId environment, UnixNanos at, size_t buckets);
  // Which item a group belongs to; 0: none.
  Result<int64_t> item_of_group(EnvironmentId environment, std::string_view fingerprint);

  // item_changes.cpp
  Result<Item> edit(EnvironmentId environment, int64_t id, const ItemEdit& edit);
  // Makes `others` part of `into`: their groups lead there from now on.
  Result<Item> merge(EnvironmentId environment, int64_t into, const std::vector<int64_t>& others);
  // Gives a merged item its groups back, with everything that was counted for them since.
  Result<Item> unmerge(EnvironmentId environment, int64_t id);

  // deploys.cpp
  Result<Deploy> add_deploy(EnvironmentId environment, Deploy deploy);
  Result<Deploy> change_deploy(EnvironmentId environment, int64_t id, std::string_view status,
                               std::string_view comment);
  Result<std::optional<Deploy>> find_deploy(EnvironmentId environment, int64_t id);
  // The newest first; of one deployment environment unless that is empty.
  Result<std::vector<Deploy>> list_deploys(EnvironmentId environment, std::string_view deployment,
                                           size_t most, size_t offset);
  // The deploy that brought what happened to an item at that time, in that version of the code (may be
  // empty).
  Result<std::optional<Origin>> origin_of(EnvironmentId environment, const Item& item, UnixNanos at,
                                          std::string_view version);

 private:
  Result<std::optional<Deploy>> deploy_behind(EnvironmentId environment, std::string_view deployment,
                                              std::string_view version, UnixNanos at,
                                              std::string_view condition);
  struct GroupPlace {
    int64_t group = 0;
    int64_t item = 0;
  };
  using Lock = std::unique_lock<std::mutex>;
  Lock settled();
  // All with the lock held.
  Result<Item> read_item(EnvironmentId environment, int64_t id);
  // Of the groups in whose column `of` the value stands.
  Result<std::vector<int64_t>> count_hours(std::string_view of, int64_t value, UnixNanos at, size_t buckets,
                                           int64_t hours_each);
  // item_commit.cpp
  struct Counting;
  struct GroupTally;
  using Lengths = std::unordered_map<int64_t, int64_t>;  // by group
  Result<GroupPlace> place_of(const Arrived& arrived, std::vector<Change>& changes);
  Status add(const Arrived& arrived, Counting& counting);
  Result<bool> was_seen_before_resolved(const Item& item, std::string_view version, const Counting& counting);
  Status write(const GroupTally& tally);
  Status write(Item& item, const Counting& counting);
  Result<int64_t*> length_of(Lengths& lengths, std::string_view statement, int64_t group);
  Status add_activity(int64_t item, std::string_view kind, std::string_view detail);
  Status recount(int64_t item);
  Status forget_old(UnixNanos at);

  std::function<void()> settle_;
  std::mutex mutex_;
  // Guarded by mutex_:
  Database database_;
  Lengths versions_of_group_, people_of_group_;  // how many rows there are, as far as was asked
  UnixNanos forgot_at_;
  const std::unique_ptr<KnownUuids> known_uuids_;
};

// The columns of error_items in the order in which item_of() reads them.
extern const char* const kItemColumns;
Item item_of(const Row& row);

}  // namespace clew::control::errors
