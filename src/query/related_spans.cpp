#include "query/related_spans.h"

#include <algorithm>
#include <compare>

#include "query/value_interner.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

// Smaller ones represent: for a root, first of all that it has no parent; then the earlier. Spans that were
// sent twice differ only in the place where they stand.
struct Rank {
  bool has_parent;
  int64_t time;
  uint64_t span;
  uint64_t place;
  auto operator<=>(const Rank&) const = default;
};

void collect(const Filter& filter, bool in_conjunction, std::vector<std::pair<const Filter*, bool>>& found) {
  if (filter.kind == Filter::Kind::comparison) {
    if (filter.column.relation != Relation::own) found.emplace_back(&filter, in_conjunction);
    return;
  }
  for (const Filter& child : filter.children)
    collect(child, in_conjunction && filter.kind == Filter::Kind::all, found);
}

Filter without_related(const Filter& filter) {
  if (filter.kind != Filter::Kind::all) return filter;
  Filter own = filter;
  own.children.clear();
  for (const Filter& child : filter.children) {
    if (child.kind == Filter::Kind::comparison && child.column.relation != Relation::own) continue;
    own.children.push_back(without_related(child));
  }
  return own;
}

Scalar scalar_of(const Value& value, TextArena& arena) {
  if (const auto* boolean = std::get_if<bool>(&value)) return Scalar::of(*boolean);
  if (const auto* integer = std::get_if<int64_t>(&value)) return Scalar::of(*integer);
  if (const auto* real = std::get_if<double>(&value)) return Scalar::of(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return arena.keep(*text);
  if (const auto* at = std::get_if<UnixNanos>(&value)) return Scalar::of_time(at->count);
  return {};
}

}  // namespace

FilterByRelation split(const Filter& filter) {
  FilterByRelation result;
  std::vector<std::pair<const Filter*, bool>> found;
  collect(filter, true, found);
  result.own = filter.kind == Filter::Kind::comparison && !found.empty() ? Filter() : without_related(filter);
  for (const auto& [condition, conjunction] : found) {
    const Relation relation = condition->column.relation;
    auto known = std::find_if(result.related.begin(), result.related.end(),
                              [&](const auto& one) { return one.first == relation; });
    if (known == result.related.end()) known = result.related.emplace(known, relation, Filter());
    Filter own = *condition;
    own.column.relation = Relation::own;
    known->second.children.push_back(std::move(own));
  }
  return result;
}

bool has_misplaced_relation(const Filter& filter) {
  std::vector<std::pair<const Filter*, bool>> found;
  collect(filter, true, found);
  return std::any_of(found.begin(), found.end(), [](const auto& one) { return !one.second; });
}

Status check_relations(const Filter& filter) {
  if (!has_misplaced_relation(filter)) return {};
  return {
      ErrorKind::bad_input,
      "root., parent., child., any. and none. are understood in conditions that must all hold, not under OR "
      "and NOT"};
}

// Looks at all spans.
class Gathering {
 public:
  explicit Gathering(RelatedSpans& into) : into_(into), sides_(into.sides_) {}

  Status run(const Plan& plan, const std::vector<Filter>& filters, const store::Snapshot& snapshot,
             const RunOptions& options, QueryLimits& limits) {
    CLEW_TRY(prepare(plan, filters));
    const bool by_parent = std::any_of(sides_.begin(), sides_.end(), [](const RelatedSpans::Side& side) {
      return side.relation == Relation::parent || side.relation == Relation::child;
    });
    if (by_parent) {
      CLEW_ASSIGN(into_.shared_, SharedSpans::gather(wanted_.range, snapshot, options, limits));
    }
    Scan scan(wanted_, snapshot);
    workers_.resize(scan.workers(options));
    for (Worker& worker : workers_) worker.resize(sides_.size());
    Scan::Visitor visitor;
    visitor.visit = [&](const GranuleScan& granule) { return visit(workers_[granule.worker], granule); };
    visitor.bytes_held = [&](size_t worker) {
      size_t bytes = 0;
      for (const Found& found : workers_[worker]) bytes += found.bytes();
      return bytes;
    };
    CLEW_TRY(scan.run(options, limits, visitor));
    for (size_t i = 0; i < sides_.size(); ++i) finish(i);
    return limits.check();
  }

 private:
  // What a worker has found for one side.
  struct Found {
    KeyNumberTable numbers;
    std::vector<Rank> ranks;
    std::vector<uint8_t> matched;
    std::vector<uint32_t> values;
    ValueInterner interner;
    size_t bytes() const {
      return numbers.bytes() + ranks.capacity() * sizeof(Rank) + matched.capacity() +
             values.capacity() * sizeof(uint32_t) + interner.bytes();
    }
  };
  using Worker = std::vector<Found>;

  Status prepare(const Plan& plan, const std::vector<Filter>& filters) {
    NameList names;
    const Filter spans =
        all_of({comparison({std::string(names::kSpanId), store::Scope::intrinsic}, Operator::exists, {}),
                comparison({std::string(names::kAnnotationType), store::Scope::intrinsic},
                           Operator::does_not_exist, {})});
    CLEW_ASSIGN(CompiledFilter all, compile(spans, names));
    wanted_.filters.push_back(std::move(all));
    for (size_t i = 0; i < sides_.size(); ++i) {
      CLEW_ASSIGN(CompiledFilter filter, compile(filters[i], names));
      wanted_.filters.push_back(std::move(filter));
      std::vector<size_t>& columns = columns_.emplace_back();
      for (const ColumnName& column : sides_[i].columns) columns.push_back(names.add(column));
    }
    wanted_.names = names.names();
    wanted_.signal = Signal::traces;
    wanted_.range = plan.range;
    if (wanted_.range.from.count > INT64_MIN + RelatedSpans::kMargin.count)
      wanted_.range.from = wanted_.range.from - RelatedSpans::kMargin;
    if (wanted_.range.to.count < INT64_MAX - RelatedSpans::kMargin.count)
      wanted_.range.to = wanted_.range.to + RelatedSpans::kMargin;
    return add_fields(plan.fields, wanted_);
  }

  Status visit(Worker& worker, const GranuleScan& scan) const {
    CLEW_ASSIGN(const SpanKeys keys, into_.keys_of(scan.reader));
    const store::ColumnData* times = nullptr;
    if (scan.segment.time) {
      CLEW_ASSIGN(times, scan.reader.read(*scan.segment.time));
    }
    for (size_t i = 0; i < sides_.size(); ++i) {
      Selection matching = scan.selection;
      CLEW_TRY(scan.segment.filters[i + 1].narrow(scan.reader, matching));
      const bool is_root = sides_[i].relation == Relation::root;
      const Selection& candidates = is_root ? scan.selection : matching;
      std::vector<ResolvedColumn> columns;
      for (const size_t name : columns_[i]) {
        CLEW_ASSIGN(ResolvedColumn column, scan.reader.resolve(scan.segment.columns[name]));
        columns.push_back(std::move(column));
      }
      Found& found = worker[i];
      for_each_row(candidates, [&](uint32_t row) {
        const uint64_t key = key_of_span_itself(sides_[i].relation, keys, row);
        if (key == 0) return;
        const Rank rank{is_root && keys.parents[row] != 0, times == nullptr ? 0 : times->integers[row],
                        keys.spans[row], uint64_t{scan.place} << 32 | row};
        const uint32_t number = found.numbers.find_or_add(key);
        if (number < found.ranks.size() && found.ranks[number] <= rank) return;
        grow(found, number, columns.size());
        found.ranks[number] = rank;
        found.matched[number] = !is_root || matching.has(row) ? 1 : 0;
        for (size_t c = 0; c < columns.size(); ++c)
          found.values[number * columns.size() + c] = value_of(columns[c], row, found.interner);
      });
    }
    return {};
  }

  static void grow(Found& found, uint32_t number, size_t columns) {
    if (number < found.ranks.size()) return;
    found.ranks.resize(number + 1);
    found.matched.resize(number + 1);
    found.values.resize((number + 1) * columns);
  }

  static uint32_t value_of(const ResolvedColumn& pieces, uint32_t row, ValueInterner& interner) {
    for (const Piece& piece : pieces) {
      const std::span<const uint64_t> mask = piece.mask();
      if (mask.empty() || (mask[row >> 6] >> (row & 63) & 1) != 0) return interner.intern(*piece.data, row);
    }
    return ValueInterner::kNull;
  }

  // What others find this span by.
  static uint64_t key_of_span_itself(Relation relation, const SpanKeys& keys, uint32_t row) {
    if (keys.traces[row] == 0) return 0;
    if (relation == Relation::parent) return key_of_span(keys.traces[row], keys.spans[row]);
    if (relation != Relation::child) return keys.traces[row];
    return keys.parents[row] == 0 ? 0 : key_of_span(keys.traces[row], keys.parents[row]);
  }

  void finish(size_t i) {
    Found& all = workers_[0][i];
    const size_t columns = sides_[i].columns.size();
    for (size_t w = 1; w < workers_.size(); ++w) {
      const Found& other = workers_[w][i];
      for (uint32_t from = 0; from < other.ranks.size(); ++from) {
        const uint32_t to = all.numbers.find_or_add(other.numbers.keys()[from]);
        if (to < all.ranks.size() && all.ranks[to] <= other.ranks[from]) continue;
        grow(all, to, columns);
        all.ranks[to] = other.ranks[from];
        all.matched[to] = other.matched[from];
        for (size_t c = 0; c < columns; ++c)
          all.values[to * columns + c] =
              all.interner.intern_from(other.interner, other.values[from * columns + c]);
      }
    }
    RelatedSpans::Side& side = sides_[i];
    side.numbers = std::move(all.numbers);
    side.matched = std::move(all.matched);
    side.values = std::move(all.values);
    for (uint32_t id = 0; id < all.interner.size(); ++id)
      side.scalars.push_back(scalar_of(all.interner.value(id), into_.arena_));
  }

  RelatedSpans& into_;
  std::vector<RelatedSpans::Side>& sides_;
  ScanWanted wanted_;
  std::vector<std::vector<size_t>> columns_;  // of each side, in wanted_.names
  std::vector<Worker> workers_;
};

// The values of one relational name in one segment.
class RelatedColumn : public ComputedColumn {
 public:
  RelatedColumn(const RelatedSpans& related, const RelatedSpans::Side& side, size_t column)
      : related_(related), side_(side), column_(column) {}

  Result<std::vector<store::ColumnData>> compute(GranuleReader& reader) const override {
    CLEW_ASSIGN(const SpanKeys keys, related_.keys_of(reader));
    std::vector<Scalar> values(reader.rows());
    for (uint32_t row = 0; row < reader.rows(); ++row) {
      const uint64_t key = RelatedSpans::key_of_row(side_.relation, keys, row);
      if (key == 0) continue;
      const uint32_t number = side_.numbers.find(key);
      if (number == KeyNumberTable::kNone || side_.matched[number] == 0) continue;
      values[row] = side_.scalars[side_.values[number * side_.columns.size() + column_]];
    }
    return columns_of(values, nullptr);
  }

 private:
  const RelatedSpans& related_;
  const RelatedSpans::Side& side_;
  size_t column_;
};

uint64_t RelatedSpans::key_of_row(Relation relation, const SpanKeys& keys, uint32_t row) {
  if (keys.traces[row] == 0) return 0;
  if (relation == Relation::child)
    return keys.spans[row] == 0 ? 0 : key_of_span(keys.traces[row], keys.spans[row]);
  if (relation != Relation::parent) return keys.traces[row];
  return keys.parents[row] == 0 ? 0 : key_of_span(keys.traces[row], keys.parents[row]);
}

Result<SpanKeys> RelatedSpans::keys_of(GranuleReader& reader) const {
  CLEW_ASSIGN(SpanKeys keys, read_span_keys(reader, span_key_columns(reader.segment())));
  CLEW_TRY(shared_.part(reader, keys));
  return keys;
}

const RelatedSpans::Side* RelatedSpans::side_of(Relation relation) const {
  const auto found =
      std::find_if(sides_.begin(), sides_.end(), [&](const Side& side) { return side.relation == relation; });
  return found == sides_.end() ? nullptr : &*found;
}

Result<std::unique_ptr<RelatedSpans>> RelatedSpans::gather(const Plan& plan, const store::Snapshot& snapshot,
                                                           const RunOptions& options, QueryLimits& limits) {
  auto related = std::make_unique<RelatedSpans>();
  std::vector<Filter> filters;
  for (auto& [relation, filter] : split(plan.filter).related) {
    related->sides_.emplace_back().relation = relation;
    related->sides_.back().filters = true;
    filters.push_back(std::move(filter));
  }
  const auto add_column = [&](ColumnName name) {
    if (name.relation == Relation::own) return;
    if (related->side_of(name.relation) == nullptr) {
      related->sides_.emplace_back().relation = name.relation;
      filters.emplace_back();
    }
    Side& side = *std::find_if(related->sides_.begin(), related->sides_.end(),
                               [&](const Side& one) { return one.relation == name.relation; });
    name.relation = Relation::own;
    if (std::find(side.columns.begin(), side.columns.end(), name) == side.columns.end())
      side.columns.push_back(std::move(name));
  };
  for (const ColumnName& name : plan.group_by) add_column(name);
  if (plan.rows) {
    for (const ColumnName& name : plan.rows->columns) add_column(name);
  }
  if (related->sides_.empty()) return std::unique_ptr<RelatedSpans>();
  CLEW_TRY(Gathering(*related).run(plan, filters, snapshot, options, limits));
  return related;
}

Result<std::unique_ptr<RelatedSpans>> RelatedSpans::gather(const Filter& filter, const TimeRange& range,
                                                           const store::Snapshot& snapshot,
                                                           const RunOptions& options, QueryLimits& limits) {
  CLEW_TRY(check_relations(filter));
  Plan plan;
  plan.range = range;
  plan.filter = filter;
  return gather(plan, snapshot, options, limits);
}

Status RelatedSpans::narrow(GranuleReader& reader, Selection& selection) const {
  const bool any_filter =
      std::any_of(sides_.begin(), sides_.end(), [](const Side& side) { return side.filters; });
  if (!any_filter || selection.empty()) return {};
  CLEW_ASSIGN(const SpanKeys keys, keys_of(reader));
  for (const Side& side : sides_) {
    if (!side.filters) continue;
    keep_rows(selection, [&](uint32_t row) {
      const uint64_t key = key_of_row(side.relation, keys, row);
      const uint32_t number = key == 0 ? KeyNumberTable::kNone : side.numbers.find(key);
      const bool matches = number != KeyNumberTable::kNone && side.matched[number] != 0;
      return matches != (side.relation == Relation::none);
    });
  }
  return {};
}

std::unique_ptr<ComputedColumn> RelatedSpans::column(const ColumnName& name) const {
  const Side* side = side_of(name.relation);
  ColumnName own = name;
  own.relation = Relation::own;
  const auto place = std::find(side->columns.begin(), side->columns.end(), own);
  return std::make_unique<RelatedColumn>(*this, *side, static_cast<size_t>(place - side->columns.begin()));
}

}  // namespace clew::query
