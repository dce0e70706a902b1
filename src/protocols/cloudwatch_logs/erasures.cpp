#include "protocols/cloudwatch_logs/erasures.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_value.h"
#include "base/json_writer.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/log_stream.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr std::string_view kGroups = "logs.groups", kDeleted = "logs.deleted";
// So old is what is looked for in the store, and so many at a time.
constexpr Nanoseconds kForgetAfter = hours(1);
constexpr size_t kForgetAtOnce = 8;

// "group", or "group:stream": no name of either has a colon.
struct Name {
  std::string_view group;
  std::string_view stream;
};
Name split(std::string_view name) {
  const size_t colon = name.find(':');
  if (colon == std::string_view::npos) return {name, {}};
  return {name.substr(0, colon), name.substr(colon + 1)};
}

std::string rule_of_retention(EnvironmentId environment, std::string_view group) {
  return fmt::format("logs/{}/kept/{}", environment.number, group);
}
std::string rule_of_deletion(EnvironmentId environment, std::string_view name) {
  return fmt::format("logs/{}/deleted/{}", environment.number, name);
}

// Every event has a number; records of other senders that name the same group have none, and stay.
store::ErasureRule events_with_numbers_below(EnvironmentId environment, const Name& name, int64_t limit) {
  store::ErasureRule rule;
  rule.environment = environment;
  rule.signal = Signal::logs;
  const auto text = [&](std::string_view column, std::string_view value) {
    rule.texts.push_back({store::Scope::resource, std::string(column), std::string(value)});
  };
  // First what fewer rows have.
  if (!name.stream.empty()) text(column::kStream, name.stream);
  text(column::kGroup, name.group);
  rule.below = store::ErasureRule::Below{store::Scope::attribute, std::string(column::kNumber), limit};
  return rule;
}

int64_t limit_in(const std::string& body) {
  const Result<JsonValue> parsed = parse_json(body);
  const JsonValue* limit = parsed.ok() ? parsed->find("below") : nullptr;
  return limit == nullptr || limit->integer() == nullptr ? 0 : *limit->integer();
}

}  // namespace

std::string Erasures::name_of(std::string_view group, std::string_view stream) {
  return stream.empty() ? std::string(group) : fmt::format("{}:{}", group, stream);
}

void Erasures::set_retention(EnvironmentId environment, std::string_view group,
                             std::optional<int64_t> kept_days) {
  store::ErasureRules& rules = *options_.erasure_rules;
  const std::string name = rule_of_retention(environment, group);
  if (!kept_days) return rules.remove(name);
  store::ErasureRule rule = events_with_numbers_below(environment, {group, {}}, INT64_MAX);
  rule.older_than = days(*kept_days);
  rules.set(name, std::move(rule));
}

Status Erasures::note(EnvironmentId environment, std::string_view name, int64_t limit) {
  JsonWriter json;
  json.begin_object().key("below").integer(limit).end_object();
  return options_.records->put(environment, kDeleted, name, json.take());
}

void Erasures::erase(EnvironmentId environment, std::string_view name, int64_t limit, UnixNanos since) {
  const Name split_name = split(name);
  if (split_name.stream.empty()) set_retention(environment, split_name.group, std::nullopt);
  store::ErasureRule rule = events_with_numbers_below(environment, split_name, limit);
  rule.since = since;
  options_.erasure_rules->set(rule_of_deletion(environment, name), std::move(rule));
}

// What is there has its events from its own first one on: either it was made again, or a crash came between
// the note and the removal.
Result<int64_t> Erasures::limit_today(EnvironmentId environment, std::string_view name, int64_t limit) {
  const Name split_name = split(name);
  const auto lower = [&](const auto& found) -> Result<int64_t> {
    if (found.ok()) return std::min(limit, found->first_event);
    if (found.status().kind() == ErrorKind::not_found) return limit;
    return found.status();
  };
  if (split_name.stream.empty())
    return lower(LogGroups(*options_.records, environment).find(split_name.group));
  return lower(LogStreams(*options_.records, environment, split_name.group).find(split_name.stream));
}

Status Erasures::restore() {
  CLEW_ASSIGN(const auto kinds, options_.records->kinds("logs."));
  for (const auto& [environment, kind] : kinds) {
    if (kind == kGroups) {
      CLEW_ASSIGN(const std::vector<LogGroup> groups, LogGroups(*options_.records, environment).list());
      for (const LogGroup& group : groups) {
        if (group.retention_days) set_retention(environment, group.name, group.retention_days);
      }
    } else if (kind == kDeleted) {
      CLEW_TRY(restore_deleted(environment));
    }
  }
  return {};
}

Status Erasures::restore_deleted(EnvironmentId environment) {
  CLEW_ASSIGN(const auto deleted, options_.records->list(environment, kDeleted));
  for (const control::Record& record : deleted) {
    CLEW_ASSIGN(const int64_t limit, limit_today(environment, record.name, limit_in(record.body)));
    store::ErasureRule rule = events_with_numbers_below(environment, split(record.name), limit);
    rule.since = record.modified;
    options_.erasure_rules->set(rule_of_deletion(environment, record.name), std::move(rule));
  }
  return {};
}

Status Erasures::forget_what_is_gone(EnvironmentId environment, UnixNanos at,
                                     const query::RunOptions& options) {
  CLEW_ASSIGN(const auto deleted, options_.records->list(environment, kDeleted));
  size_t looked = 0;
  for (const control::Record& record : deleted) {
    if (at < record.modified + kForgetAfter) continue;
    if (++looked > kForgetAtOnce) break;
    const Name name = split(record.name);
    std::vector<query::Filter> all = {
        query::comparison(column::group(), query::Operator::equal, {std::string(name.group)}),
        query::comparison(column::number(), query::Operator::less, {limit_in(record.body)})};
    if (!name.stream.empty())
      all.push_back(query::comparison(column::stream(), query::Operator::equal, {std::string(name.stream)}));
    query::Plan plan;
    plan.signal = Signal::logs;
    plan.filter = query::all_of(std::move(all));
    plan.weighting = query::Weighting::stored_rows;
    plan.calculations.push_back({});
    CLEW_ASSIGN(const query::ResultTable left,
                query::run(plan, options_.storage->snapshot(environment, Signal::logs), options));
    if (left.cost.rows_matched != 0) continue;
    CLEW_TRY(options_.records->remove(environment, kDeleted, record.name).status());
    options_.erasure_rules->remove(rule_of_deletion(environment, record.name));
  }
  return {};
}

}  // namespace clew::cloudwatch_logs
