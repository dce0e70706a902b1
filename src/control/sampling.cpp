#include "control/sampling.h"

#include <algorithm>

namespace clew::control {
namespace {

constexpr std::string_view kKind = "clew.sampling_strategy";
constexpr std::string_view kUsual = "default";
constexpr std::string_view kOfService = "service/";
constexpr size_t kLongestAsker = 1'000;

std::string record_name(const std::optional<std::string>& service) {
  return service ? std::string(kOfService) + *service : std::string(kUsual);
}

std::string text_of(const SamplingStrategy& strategy) {
  JsonWriter json;
  json.begin_object();
  write_sampling_members(json, strategy);
  return json.end_object().take();
}

// The usual operations hold for a service too, where it says nothing else of them. A client that is given
// operations passes over a limit by the second, so that a service with a limit is given none.
void add_usual_operations(SamplingStrategy& strategy, const SamplingStrategy& usual) {
  if (strategy.kind == SamplingStrategy::Kind::rate_limiting) return;
  for (const OperationSampling& one : usual.operations) {
    const bool is_said = std::any_of(strategy.operations.begin(), strategy.operations.end(),
                                     [&](const auto& own) { return own.operation == one.operation; });
    if (!is_said) strategy.operations.push_back(one);
  }
}

}  // namespace

Status Sampling::restore() {
  const std::lock_guard lock(mutex_);
  CLEW_ASSIGN(const auto kinds, records_.kinds(kKind));
  for (const auto& [environment, kind] : kinds) {
    if (kind != kKind) continue;
    CLEW_ASSIGN(const std::vector<Record> records, records_.list(environment, kKind));
    Environment& here = environments_[environment.number];
    for (const Record& record : records) {
      CLEW_ASSIGN(const JsonValue body, parse_json(record.body));
      CLEW_ASSIGN(SamplingStrategy strategy, read_sampling_strategy(body, record.name));
      Set set{std::move(strategy), record.modified};
      if (record.name == kUsual)
        here.usual = std::move(set);
      else if (record.name.starts_with(kOfService))
        here.services[record.name.substr(kOfService.size())] = std::move(set);
    }
  }
  return {};
}

std::vector<Sampling::Entry> Sampling::list(EnvironmentId environment) const {
  const std::lock_guard lock(mutex_);
  const auto found = environments_.find(environment.number);
  static const Environment kNothing;
  const Environment& here = found == environments_.end() ? kNothing : found->second;
  std::map<std::string, Entry> services;
  for (const auto& [service, strategy] : file_.services)
    services[service] = {.service = service, .strategy = strategy, .modified = std::nullopt};
  for (const auto& [service, set] : here.services)
    services[service] = {.service = service, .strategy = set.strategy, .modified = set.modified};
  std::vector<Entry> entries;
  if (here.usual)
    entries.push_back(
        {.service = std::nullopt, .strategy = here.usual->strategy, .modified = here.usual->modified});
  else if (file_.usual)
    entries.push_back({.service = std::nullopt, .strategy = *file_.usual, .modified = std::nullopt});
  for (auto& [service, entry] : services) entries.push_back(std::move(entry));
  return entries;
}

Status Sampling::set(EnvironmentId environment, const std::optional<std::string>& service,
                     SamplingStrategy strategy) {
  const std::lock_guard lock(mutex_);
  const std::string name = record_name(service);
  CLEW_ASSIGN(const std::optional<Record> known, records_.find(environment, kKind, name));
  if (known) {
    CLEW_TRY(records_.put(environment, kKind, name, text_of(strategy)));
  } else {
    CLEW_TRY(records_.create(environment, kKind, name, text_of(strategy), kMostStrategies));
  }
  Environment& here = environments_[environment.number];
  Set set{std::move(strategy), now()};
  if (service)
    here.services[*service] = std::move(set);
  else
    here.usual = std::move(set);
  return {};
}

Result<bool> Sampling::remove(EnvironmentId environment, const std::optional<std::string>& service) {
  const std::lock_guard lock(mutex_);
  CLEW_ASSIGN(const bool was_there, records_.remove(environment, kKind, record_name(service)));
  Environment& here = environments_[environment.number];
  if (service)
    here.services.erase(*service);
  else
    here.usual.reset();
  return was_there;
}

SamplingStrategy Sampling::tell(EnvironmentId environment, std::string_view service, UnixNanos now) {
  const std::lock_guard lock(mutex_);
  Environment& here = environments_[environment.number];
  note_asked(here, service, now);
  const SamplingStrategy usual = here.usual ? here.usual->strategy : file_.usual.value_or(SamplingStrategy{});
  SamplingStrategy told;
  if (const auto set = here.services.find(service); set != here.services.end())
    told = set->second.strategy;
  else if (const auto filed = file_.services.find(service); filed != file_.services.end())
    told = filed->second;
  else
    return usual;
  add_usual_operations(told, usual);
  return told;
}

void Sampling::note_asked(Environment& environment, std::string_view service, UnixNanos now) {
  auto asked = environment.askers.find(service);
  if (asked == environment.askers.end()) {
    if (service.size() > kLongestAsker) return;
    if (environment.askers.size() >= kMostAskers)
      environment.askers.erase(
          std::min_element(environment.askers.begin(), environment.askers.end(),
                           [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
    asked = environment.askers.emplace(service, Asked{}).first;
  }
  asked->second.last = now;
  ++asked->second.times;
}

std::vector<Sampling::Asker> Sampling::askers(EnvironmentId environment) const {
  const std::lock_guard lock(mutex_);
  std::vector<Asker> all;
  const auto found = environments_.find(environment.number);
  if (found == environments_.end()) return all;
  for (const auto& [service, asked] : found->second.askers)
    all.push_back({.service = service, .last = asked.last, .times = asked.times});
  return all;
}

}  // namespace clew::control
