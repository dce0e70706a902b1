#include "protocols/cloudwatch_logs/queries.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/rand.h>

#include "base/log.h"

namespace clew::cloudwatch_logs {
namespace {

bool is_under_way(const StartedQuery& query) {
  return query.status == QueryStatus::scheduled || query.status == QueryStatus::running;
}

}  // namespace

std::string_view name_of(QueryStatus status) {
  switch (status) {
    case QueryStatus::scheduled:
      return "Scheduled";
    case QueryStatus::running:
      return "Running";
    case QueryStatus::complete:
      return "Complete";
    case QueryStatus::failed:
      return "Failed";
    case QueryStatus::cancelled:
      return "Cancelled";
    case QueryStatus::timeout:
      return "Timeout";
  }
  return "Unknown";
}

std::string new_uuid() {
  std::array<uint8_t, 16> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    bug("no random numbers from the system");
  random[6] = static_cast<uint8_t>((random[6] & 0x0f) | 0x40);
  random[8] = static_cast<uint8_t>((random[8] & 0x3f) | 0x80);
  std::string text;
  for (size_t i = 0; i < random.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", random[i]);
  }
  return text;
}

std::shared_ptr<StartedQuery> Queries::start(EnvironmentId environment, std::string text,
                                             std::vector<std::string> groups, UnixNanos at) {
  auto query = std::make_shared<StartedQuery>();
  query->id = new_uuid();
  query->environment = environment;
  query->text = std::move(text);
  query->groups = std::move(groups);
  query->started = at;
  const std::lock_guard lock(mutex_);
  const auto under_way =
      std::count_if(queries_.begin(), queries_.end(), [](const auto& one) { return is_under_way(*one); });
  if (static_cast<size_t>(under_way) >= kMostUnderWay) return nullptr;
  queries_.push_front(query);
  forget();
  return query;
}

void Queries::forget() {
  size_t rows = 0, kept = 0;
  std::erase_if(queries_, [&](const auto& one) {
    rows += one->output.rows.size();
    ++kept;
    return !is_under_way(*one) && (kept > kMostKept || rows > kMostRowsKept);
  });
}

std::shared_ptr<StartedQuery> Queries::find(EnvironmentId environment, std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(queries_.begin(), queries_.end(), [&](const auto& one) {
    return one->id == id && one->environment == environment;
  });
  return found == queries_.end() ? nullptr : *found;
}

std::vector<std::shared_ptr<StartedQuery>> Queries::list(EnvironmentId environment) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<StartedQuery>> all;
  std::copy_if(queries_.begin(), queries_.end(), std::back_inserter(all),
               [&](const auto& one) { return one->environment == environment; });
  return all;
}

bool Queries::stop(StartedQuery& query) {
  const std::lock_guard lock(mutex_);
  if (!is_under_way(query)) return false;
  query.cancel = true;
  query.status = QueryStatus::cancelled;
  return true;
}

void Queries::stop_all() {
  const std::lock_guard lock(mutex_);
  for (const auto& query : queries_) query->cancel = true;
}

}  // namespace clew::cloudwatch_logs
