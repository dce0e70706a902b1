#include "control/kept_answers.h"

#include <array>

#include <openssl/rand.h>

#include "base/compression.h"
#include "base/log.h"
#include "control/schema.h"

namespace clew::control {
namespace {

// Whether there are too many is looked at when so large a part of what is allowed has come.
constexpr int64_t kLooksInAll = 32;

// Nobody guesses it: a link is for those whom it was given to, and their key has to be of the environment
// besides.
std::string new_name() {
  constexpr std::string_view kAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  std::array<uint8_t, 16> random;
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    bug("no random numbers from the system");
  std::string name;
  for (const uint8_t byte : random) name += kAlphabet[byte % kAlphabet.size()];
  return name;
}

}  // namespace

Result<std::unique_ptr<KeptAnswers>> KeptAnswers::open(const std::string& data_directory,
                                                       KeptAnswerLimits limits) {
  CLEW_ASSIGN(Database database, open_control_database(data_directory));
  auto answers = std::make_unique<KeptAnswers>(std::move(database), limits);
  const std::lock_guard lock(answers->mutex_);
  CLEW_TRY(answers->forget(now()));
  return answers;
}

Result<std::optional<std::string>> KeptAnswers::keep(EnvironmentId environment, const KeptAnswer& kept) {
  if (kept.answer.size() > limits_.most_bytes_of_one) return std::optional<std::string>();
  const std::string packed = compress(Compression::zstd, kept.answer);
  const auto bytes = static_cast<int64_t>(packed.size() + kept.question.size());
  std::string name = new_name();
  const std::lock_guard lock(mutex_);
  CLEW_TRY(database_.in_transaction(
      [&]() -> Status {
        return database_.run(
            "INSERT INTO answers (name, environment, question, person, at, bytes, answer) VALUES (?, ?, ?, "
            "?, ?, ?, ?)",
            {std::string_view(name), int64_t{environment.number}, std::string_view(kept.question),
             std::string_view(kept.person), kept.at.count, bytes, Blob{packed}});
      },
      Database::Durable::later));
  kept_since_a_look_ += bytes;
  if (kept_since_a_look_ > limits_.most_bytes_in_all / kLooksInAll) CLEW_TRY(forget(kept.at));
  return std::optional(std::move(name));
}

Status KeptAnswers::forget(UnixNanos at) {
  kept_since_a_look_ = 0;
  CLEW_TRY(database_.run("DELETE FROM answers WHERE at < ?", {(at - limits_.kept_for).count}));
  const int64_t most = limits_.most_bytes_in_all - limits_.most_bytes_in_all / kLooksInAll;
  int64_t bytes = 0;
  std::optional<int64_t> newest_forgotten;
  CLEW_TRY(database_.run("SELECT at, bytes FROM answers ORDER BY at DESC", {}, [&](const Row& row) {
    bytes += row.integer(1);
    if (bytes > most && !newest_forgotten) newest_forgotten = row.integer(0);
  }));
  if (!newest_forgotten) return {};
  return database_.run("DELETE FROM answers WHERE at <= ?", {*newest_forgotten});
}

Result<std::optional<KeptAnswer>> KeptAnswers::find(EnvironmentId environment, std::string_view name) {
  std::optional<KeptAnswer> found;
  std::string packed;
  {
    const std::lock_guard lock(mutex_);
    CLEW_TRY(
        database_.run("SELECT question, person, at, answer FROM answers WHERE name = ? AND environment = ?",
                      {name, int64_t{environment.number}}, [&](const Row& row) {
                        found = KeptAnswer{.question = std::string(row.text(0)),
                                           .person = std::string(row.text(1)),
                                           .at = {row.integer(2)},
                                           .answer = {}};
                        packed = row.blob(3);
                      }));
  }
  if (!found) return found;
  CLEW_ASSIGN(found->answer, decompress(Compression::zstd, packed, limits_.most_bytes_of_one));
  return found;
}

}  // namespace clew::control
