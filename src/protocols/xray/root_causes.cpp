#include "protocols/xray/root_causes.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>
#include <utility>

namespace clew::xray {
namespace {

// A hundred failures of one trace tell no more than these.
constexpr size_t kMostCauses = 20;
// A child that takes less of its parent's time than this is not what makes it slow.
constexpr double kSlowShare = 0.5;

bool fails(const Entity& entity, CauseKind kind) {
  return kind == CauseKind::fault ? entity.fault : entity.error;
}

std::vector<CauseException> exceptions_of(const Entity& entity) {
  std::vector<CauseException> found;
  const JsonValue* exceptions = at_path(*entity.json, {"cause", "exceptions"});
  if (exceptions == nullptr || exceptions->array() == nullptr) return found;
  for (const JsonValue& one : *exceptions->array())
    found.push_back({std::string(text_at(one, {"type"})), std::string(text_at(one, {"message"}))});
  return found;
}

// Appends an entity to the way down to the culprit.
void append(const TraceModel& trace, uint32_t number, RootCause& cause, double coverage,
            bool with_exceptions) {
  const Entity& entity = trace.entity(number);
  if (entity.is_segment || cause.services.empty()) {
    CauseService service{.node = {}, .inferred = entity.inferred, .path = {}};
    if (entity.segment) {
      service.node = trace.node_of(*entity.segment);
    } else {
      service.node.name = entity.name;
      service.node.aliases = {service.node.name};
    }
    cause.services.push_back(std::move(service));
  }
  const std::string_view space = text_at(*entity.json, {"namespace"});
  cause.services.back().path.push_back(
      {.name = std::string(entity.name),
       .coverage = coverage,
       .remote = space == "aws" || space == "remote",
       .exceptions = with_exceptions ? exceptions_of(entity) : std::vector<CauseException>()});
}

std::vector<RootCause> failures(const TraceModel& trace, CauseKind kind) {
  std::vector<RootCause> causes;
  for (uint32_t leaf = 0; leaf < trace.entities().size() && causes.size() < kMostCauses; ++leaf) {
    const Entity& entity = trace.entity(leaf);
    const bool fails_below = std::any_of(entity.children.begin(), entity.children.end(),
                                         [&](uint32_t child) { return fails(trace.entity(child), kind); });
    if (!fails(entity, kind) || fails_below) continue;
    std::vector<uint32_t> way{leaf};
    for (std::optional<uint32_t> at = entity.parent; at && fails(trace.entity(*at), kind);
         at = trace.entity(*at).parent)
      way.push_back(*at);
    RootCause cause;
    cause.client_impacting = trace.root() == way.back();
    for (size_t i = way.size(); i-- > 0;) append(trace, way[i], cause, 0, true);
    causes.push_back(std::move(cause));
  }
  return causes;
}

// The child with the longest time during which none of its siblings was under way, and that time.
std::optional<std::pair<double, uint32_t>> longest_alone(const TraceModel& trace, const Entity& parent) {
  struct Event {
    double at;
    bool begins;
    uint32_t child;  // position among the children
  };
  std::vector<Event> events;
  for (uint32_t i = 0; i < parent.children.size(); ++i) {
    const Entity& child = trace.entity(parent.children[i]);
    events.push_back({child.start, true, i});
    events.push_back({child.end, false, i});
  }
  // What ends makes room before the next begins.
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return a.at != b.at ? a.at < b.at : std::tie(a.child, b.begins) < std::tie(b.child, a.begins);
  });
  std::vector<double> alone(parent.children.size());
  // When one is under way, the sum of the positions is its position.
  uint64_t under_way = 0, positions = 0;
  double before = 0;
  for (const Event& event : events) {
    if (under_way == 1) alone[positions] += event.at - before;
    before = event.at;
    under_way = event.begins ? under_way + 1 : under_way - 1;
    positions = event.begins ? positions + event.child : positions - event.child;
  }
  const auto longest = std::max_element(alone.begin(), alone.end());
  if (longest == alone.end()) return std::nullopt;
  return std::pair(*longest, parent.children[static_cast<size_t>(longest - alone.begin())]);
}

// Rounded, as times are known to less than a microsecond.
double share_of(double part, double whole) {
  return std::clamp(std::round(part / whole * 1e6) / 1e6, 0.0, 1.0);
}

std::vector<RootCause> slowness(const TraceModel& trace) {
  if (!trace.root()) return {};
  const double whole = trace.entity(*trace.root()).duration();
  if (whole <= 0) return {};
  RootCause cause{.services = {}, .client_impacting = true};
  append(trace, *trace.root(), cause, 1, false);
  for (uint32_t at = *trace.root();;) {
    const Entity& entity = trace.entity(at);
    const auto longest = longest_alone(trace, entity);
    if (!longest || longest->first <= kSlowShare * entity.duration()) break;
    at = longest->second;
    append(trace, at, cause, share_of(longest->first, whole), false);
  }
  return {std::move(cause)};
}

}  // namespace

std::vector<RootCause> root_causes(const TraceModel& trace, CauseKind kind) {
  return kind == CauseKind::response_time ? slowness(trace) : failures(trace, kind);
}

}  // namespace clew::xray
