#include "control/journal.h"

#include <algorithm>

#include "control/schema.h"

namespace clew::control {
namespace {

constexpr Nanoseconds kSameFor = hours(1);
// Further words are not looked for.
constexpr size_t kMostWords = 4;
// The oldest are dropped so many at a time.
constexpr int64_t kDropEvery = 256;

// What LIKE reads as a wildcard stands for itself.
std::string like_pattern(std::string_view word) {
  std::string pattern = "%";
  for (const char c : word) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

std::vector<std::string> patterns_of(std::string_view words) {
  std::vector<std::string> patterns;
  while (!words.empty()) {
    const size_t end = std::min(words.find(' '), words.size());
    if (end > 0) patterns.push_back(like_pattern(words.substr(0, end)));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return patterns;
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(const std::string& data_directory) {
  CLEW_ASSIGN(Database database, open_control_database(data_directory));
  return std::make_unique<Journal>(std::move(database));
}

Status Journal::insert(EnvironmentId environment, const JournalEntry& entry) {
  const auto deed = static_cast<int64_t>(entry.deed);
  const int64_t number{environment.number};
  std::optional<int64_t> same;
  CLEW_TRY(database_.run(
      "SELECT id, what, at FROM journal WHERE environment = ? AND deed = ? AND person = ? AND key = ? ORDER "
      "BY id "
      "DESC LIMIT 1",
      {number, deed, std::string_view(entry.person), std::string_view(entry.key_id)}, [&](const Row& row) {
        if (row.text(1) == entry.what && row.integer(2) > (entry.at - kSameFor).count) same = row.integer(0);
      }));
  if (same)
    return database_.run("UPDATE journal SET at = ?, times = times + 1, detail = ? WHERE id = ?",
                         {entry.at.count, std::string_view(entry.detail), *same});
  CLEW_TRY(database_.run(
      "INSERT INTO journal (environment, deed, what, person, key, detail, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
      {number, deed, std::string_view(entry.what), std::string_view(entry.person),
       std::string_view(entry.key_id), std::string_view(entry.detail), entry.at.count}));
  CLEW_ASSIGN(const int64_t id, database_.integer("SELECT last_insert_rowid()"));
  if (id % kDropEvery != 0) return {};
  return database_.run(
      "DELETE FROM journal WHERE environment = ? AND id <= (SELECT id FROM journal WHERE environment = ? "
      "ORDER BY "
      "id DESC LIMIT 1 OFFSET ?)",
      {number, number, static_cast<int64_t>(kMostKept)});
}

Status Journal::note(EnvironmentId environment, const JournalEntry& entry) {
  const std::lock_guard lock(mutex_);
  return database_.in_transaction([&] { return insert(environment, entry); }, Database::Durable::later);
}

Result<std::vector<JournalEntry>> Journal::find(EnvironmentId environment, const JournalFilter& filter) {
  std::vector<std::string> words = patterns_of(filter.words);
  words.resize(kMostWords, "%");
  const Value none = nullptr;
  const Value deed = filter.deed ? Value(static_cast<int64_t>(*filter.deed)) : none;
  const Value person = filter.person ? Value(std::string_view(*filter.person)) : none;
  const Value before = filter.before ? Value(filter.before->count) : none;
  std::vector<JournalEntry> found;
  const std::lock_guard lock(mutex_);
  CLEW_TRY(
      database_.run("SELECT j.id, j.deed, j.what, j.person, j.key, COALESCE(k.name, ''), j.detail, j.at, "
                    "j.times FROM journal j "
                    "LEFT JOIN keys k ON k.id = j.key WHERE j.environment = ?1 AND (?2 IS NULL OR j.deed = "
                    "?2) AND (?3 IS NULL "
                    "OR j.person = ?3) AND (?4 IS NULL OR j.at < ?4) AND j.what LIKE ?5 ESCAPE '\\' AND "
                    "j.what LIKE ?6 ESCAPE "
                    "'\\' AND j.what LIKE ?7 ESCAPE '\\' AND j.what LIKE ?8 ESCAPE '\\' ORDER BY j.at DESC, "
                    "j.id DESC LIMIT ?9",
                    {int64_t{environment.number}, deed, person, before, std::string_view(words[0]),
                     std::string_view(words[1]), std::string_view(words[2]), std::string_view(words[3]),
                     static_cast<int64_t>(filter.most)},
                    [&](const Row& row) {
                      found.push_back({.id = row.integer(0),
                                       .deed = static_cast<Deed>(row.integer(1)),
                                       .what = std::string(row.text(2)),
                                       .person = std::string(row.text(3)),
                                       .key_id = std::string(row.text(4)),
                                       .key_name = std::string(row.text(5)),
                                       .detail = std::string(row.text(6)),
                                       .at = {row.integer(7)},
                                       .times = row.integer(8)});
                    }));
  return found;
}

}  // namespace clew::control
