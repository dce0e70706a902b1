#include "query/column_binding.h"

#include <algorithm>
#include <tuple>

#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

using store::Scope;

int rank_of(Scope scope) {
  switch (scope) {
    case Scope::attribute:
      return 0;
    case Scope::intrinsic:
      return 1;
    case Scope::instrumentation:
      return 2;
    case Scope::resource:
      return 3;
  }
  return 4;
}

struct Ranked {
  int scope;
  bool derived;
  Candidate candidate;
  auto key() const { return std::tuple(scope, derived, candidate.type); }
};

std::optional<uint32_t> find_intrinsic(const store::Segment& segment, std::string_view name) {
  std::span<const store::ColumnInfo> columns = segment.columns();
  for (uint32_t i = 0; i < columns.size(); ++i) {
    if (columns[i].scope == Scope::intrinsic && columns[i].name == name) return i;
  }
  return std::nullopt;
}

void add_derived(const ColumnName& name, const store::Segment& segment, std::vector<Ranked>& found) {
  for (const DerivedColumn& derived : derived_columns()) {
    if (derived.name != name.name) continue;
    if (derived.derivation == Derivation::log_of_span && signal_of(segment, Signal::traces) != Signal::logs)
      continue;
    Candidate candidate{.column = 0, .type = derived.type, .derivation = derived.derivation, .source = {}};
    std::optional<uint32_t> source = find_intrinsic(segment, derived.source);
    if (derived.derivation == Derivation::missing) {
      candidate.source = source;
      source = find_intrinsic(segment, names::kSpanId);
    }
    if (!source) continue;
    candidate.column = *source;
    found.push_back({rank_of(Scope::intrinsic), true, candidate});
  }
}

}  // namespace

BoundColumn bind(const ColumnName& name, const store::Segment& segment) {
  std::vector<Ranked> found;
  std::span<const store::ColumnInfo> columns = segment.columns();
  for (uint32_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name != name.name || (name.scope && *name.scope != columns[i].scope)) continue;
    found.push_back({rank_of(columns[i].scope), false, {.column = i, .type = columns[i].type, .source = {}}});
  }
  if (!name.scope || *name.scope == Scope::intrinsic) add_derived(name, segment, found);
  std::stable_sort(found.begin(), found.end(),
                   [](const Ranked& a, const Ranked& b) { return a.key() < b.key(); });
  BoundColumn bound;
  for (const Ranked& ranked : found) bound.push_back(ranked.candidate);
  return bound;
}

size_t NameList::add(const ColumnName& name) {
  auto at = std::find(names_.begin(), names_.end(), name);
  if (at == names_.end()) at = names_.insert(at, name);
  return static_cast<size_t>(at - names_.begin());
}

}  // namespace clew::query
