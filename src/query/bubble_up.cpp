#include "query/bubble_up.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/counters.h"
#include "query/beside_damage.h"
#include "query/column_tally.h"
#include "query/derived_columns.h"
#include "query/difference.h"
#include "query/related_spans.h"
#include "query/scan.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

using store::ColumnType;

constexpr size_t kBars = 32;

// One of the system's own, or said by another column as well.
bool tells_nothing(std::string_view name) {
  constexpr std::array kNames = {names::kOrigin, names::kDuration, std::string_view("type"),
                                 std::string_view("meta.signal_type")};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool is_comparable(ColumnType type) {
  return type != ColumnType::time && type != ColumnType::trace_id && type != ColumnType::span_id;
}

void collect_names(const Filter& filter, std::set<std::string_view>& found) {
  if (filter.kind == Filter::Kind::comparison) found.insert(filter.column.name);
  for (const Filter& child : filter.children) collect_names(child, found);
}

// The names that some row of the range may have a value under.
std::vector<std::string> comparable_columns(const store::Snapshot& snapshot, const TimeRange& range) {
  std::set<std::string> found;
  for (const auto& segment : snapshot.segments) {
    const std::span<const store::GranuleInfo> granules = segment->granules();
    const std::span<const store::ColumnInfo> columns = segment->columns();
    for (uint32_t column = 0; column < columns.size(); ++column) {
      const store::ColumnInfo& info = columns[column];
      for (const DerivedColumn& derived : derived_columns()) {
        if (info.scope == store::Scope::intrinsic && info.name == derived.source &&
            !tells_nothing(derived.name))
          found.emplace(derived.name);
      }
      if (!is_comparable(info.type) || tells_nothing(info.name) || found.contains(info.name)) continue;
      for (uint32_t granule = 0; granule < granules.size(); ++granule) {
        const bool meant =
            range == TimeRange{} || range.overlaps(granules[granule].first, granules[granule].last);
        if (!meant || !segment->zone_map(granule, column)) continue;
        found.insert(info.name);
        break;
      }
    }
  }
  return {found.begin(), found.end()};
}

// Neighbouring steps put together, so that each bar has about the same share of the two sides' shares.
ContrastedNumbers bars_of(const NumberTally& numbers, const SideCounts& totals) {
  ContrastedNumbers bars;
  const auto share = [](uint64_t count, uint64_t total) {
    return total == 0 ? 0.0 : static_cast<double>(count) / static_cast<double>(total);
  };
  double filled = 1;
  for (const NumberTally::Step& step : numbers.steps()) {
    if (filled >= 1.0 / kBars) {
      filled = 0;
      bars.bounds.push_back(step.low);
      bars.selected.push_back(0);
      bars.rest.push_back(0);
    }
    bars.selected.back() += static_cast<double>(step.counts.selected);
    bars.rest.back() += static_cast<double>(step.counts.rest);
    filled += (share(step.counts.selected, totals.selected) + share(step.counts.rest, totals.rest)) / 2;
  }
  bars.bounds.push_back(numbers.high());
  return bars;
}

class BubbleUpRun {
 public:
  explicit BubbleUpRun(const BubbleUpQuestion& question) : question_(question) {}

  Result<BubbleUp> run(const store::Snapshot& snapshot, const RunOptions& options) {
    QueryLimits limits(options);
    if (has_misplaced_relation(question_.filter) || !split(question_.selection).related.empty())
      return Status(ErrorKind::bad_input,
                    "root., parent. and the like are understood in the conditions of the "
                    "question alone, where all must hold; not in the selection");
    Plan plan;
    plan.range = question_.range;
    plan.filter = question_.filter;
    plan.fields = question_.fields;
    CLEW_ASSIGN(const std::unique_ptr<RelatedSpans> related,
                RelatedSpans::gather(plan, snapshot, options, limits));
    wanted_.related = related.get();
    CLEW_TRY(prepare(snapshot));
    Scan scan(wanted_, snapshot);
    workers_.resize(scan.workers(options));
    for (Worker& worker : workers_) worker.columns.resize(names_.size());
    Scan::Visitor visitor;
    visitor.visit = [&](const GranuleScan& granule) { return visit(workers_[granule.worker], granule); };
    visitor.bytes_held = [&](size_t worker) {
      size_t bytes = 0;
      for (const ColumnTally& column : workers_[worker].columns) bytes += column.bytes();
      return bytes;
    };
    CLEW_TRY(scan.run(options, limits, visitor));
    CLEW_TRY(merge_workers(options, limits));
    BubbleUp answer = contrast();
    answer.cost = scan.cost();
    answer.cost.elapsed = limits.elapsed();
    return answer;
  }

 private:
  struct Worker {
    std::vector<ColumnTally> columns;
    const store::Segment* segment = nullptr;  // that the columns were counted in last
    SideCounts rows;
    SampleSize selected, rest;
  };

  Status prepare(const store::Snapshot& snapshot) {
    names_ = comparable_columns(snapshot, question_.range);
    NameList names;
    for (const std::string& name : names_) names.add({name, {}});
    for (const Filter& filter : {split(question_.filter).own, question_.selection}) {
      CLEW_ASSIGN(CompiledFilter compiled, compile(filter, names));
      wanted_.filters.push_back(std::move(compiled));
    }
    wanted_.names = names.names();
    wanted_.range = question_.range;
    wanted_.signal = question_.signal;
    return add_fields(question_.fields, wanted_);
  }

  Status visit(Worker& worker, const GranuleScan& scan) const {
    Selection selected = scan.selection;
    CLEW_TRY(scan.segment.filters[1].narrow(scan.reader, selected));
    std::vector<uint64_t> weights;
    if (question_.weighting == Weighting::sample_rate) {
      CLEW_ASSIGN(weights, weights_of(scan.segment, scan.reader));
    }
    for_each_row(scan.selection, [&](uint32_t row) {
      const bool is_selected = selected.has(row);
      (is_selected ? worker.selected : worker.rest).add(weights.empty() ? 1 : weights[row]);
      ++(is_selected ? worker.rows.selected : worker.rows.rest);
    });
    const store::Segment& segment = *scan.segment.segment;
    if (worker.segment != &segment) {
      for (ColumnTally& column : worker.columns) column.flush();
      worker.segment = &segment;
    }
    const SidedRows rows{scan.selection, selected, weights.empty() ? nullptr : weights.data()};
    for (size_t i = 0; i < names_.size(); ++i) {
      CLEW_ASSIGN(ResolvedColumn pieces, scan.reader.resolve(scan.segment.columns[i]));
      for (const Piece& piece : pieces) {
        if (is_comparable(piece.data->type)) worker.columns[i].add(segment, piece, rows);
      }
    }
    return {};
  }

  Status merge_workers(const RunOptions& options, QueryLimits& limits) {
    Worker& all = workers_[0];
    for (size_t i = 1; i < workers_.size(); ++i) {
      all.rows += workers_[i].rows;
      for (auto [to, from] :
           {std::pair(&all.selected, &workers_[i].selected), std::pair(&all.rest, &workers_[i].rest)}) {
        to->weight += from->weight;
        to->weight_of_squares += from->weight_of_squares;
      }
    }
    std::atomic<size_t> next = 0;
    const auto merge_columns = [&](size_t) {
      for (size_t column = next++; column < names_.size() && limits.check().ok(); column = next++) {
        for (Worker& worker : workers_) worker.columns[column].flush();
        for (size_t i = 1; i < workers_.size(); ++i) all.columns[column].merge(workers_[i].columns[column]);
      }
    };
    if (options.pool == nullptr || workers_.size() == 1) {
      merge_columns(0);
    } else {
      options.pool->run_on_all(workers_.size(), merge_columns);
    }
    return limits.check();
  }

  BubbleUp contrast() const {
    const Worker& all = workers_[0];
    BubbleUp answer;
    answer.selected_rows = all.rows.selected;
    answer.rest_rows = all.rows.rest;
    answer.selected = all.selected.weight;
    answer.rest = all.rest.weight;
    std::vector<size_t> present;
    for (size_t i = 0; i < names_.size(); ++i) {
      if (all.columns[i].present().sum() != 0) present.push_back(i);
    }
    std::set<std::string_view> selecting;
    collect_names(question_.selection, selecting);
    for (const size_t i : present) {
      ContrastedColumn column = contrast(all.columns[i], present.size());
      column.name = names_[i];
      column.selects = selecting.contains(column.name) ||
                       (column.name == "duration_ms" && selecting.contains(names::kDuration));
      answer.columns.push_back(std::move(column));
    }
    std::stable_sort(answer.columns.begin(), answer.columns.end(),
                     [](const ContrastedColumn& a, const ContrastedColumn& b) {
                       return std::tie(b.score, b.confidence) < std::tie(a.score, a.confidence);
                     });
    answer.columns_in_all = answer.columns.size();
    if (answer.columns.size() > question_.columns) answer.columns.resize(question_.columns);
    return answer;
  }

  ContrastedColumn contrast(const ColumnTally& tally, size_t columns) const {
    const Worker& all = workers_[0];
    ContrastedColumn column;
    // First bars, then values. What is too rare to be told apart tells nothing: which of the values of a side
    // count as rare depends on how many rows it has.
    std::vector<DifferenceCell> cells;
    const auto add_cell = [&](const SideCounts& counts) {
      cells.push_back({static_cast<double>(counts.selected), static_cast<double>(counts.rest)});
    };
    const auto exact = tally.numbers().exact();
    if (!exact) {
      const SideCounts totals{.rest = static_cast<uint64_t>(all.rest.weight),
                              .selected = static_cast<uint64_t>(all.selected.weight)};
      column.numbers = bars_of(tally.numbers(), totals);
      for (size_t i = 0; i < column.numbers->selected.size(); ++i)
        cells.push_back({column.numbers->selected[i], column.numbers->rest[i]});
    }
    const size_t bars = cells.size();
    std::vector<uint32_t> ids;
    for (uint32_t id = 1; id < tally.values().size(); ++id) {
      ids.push_back(id);
      add_cell(tally.counts()[id]);
    }
    const size_t texts = ids.size();
    if (exact) {
      for (const NumberTally::Exact& number : *exact) add_cell(number.counts);
    }
    const DifferenceCell absent{all.selected.weight - static_cast<double>(tally.present().selected),
                                all.rest.weight - static_cast<double>(tally.present().rest)};
    const bool some_absent = absent.selected + absent.rest > 0;
    if (some_absent) cells.push_back(absent);
    const size_t listed = cells.size();

    const double comparisons =
        (static_cast<double>(cells.size()) + static_cast<double>(tally.rare_values())) *
        static_cast<double>(columns);
    const Difference difference =
        difference_of(cells, all.selected.part(tally.part_seen(&SideCounts::selected)),
                      all.rest.part(tally.part_seen(&SideCounts::rest)), comparisons);
    column.score = difference.score;
    column.confidence = difference.confidence;
    column.values_in_all = listed - bars + tally.rare_values();
    std::vector<size_t> order;
    for (size_t i = bars; i < listed; ++i) order.push_back(i);
    const auto share_of = [&](size_t i) {
      return (all.selected.weight > 0 ? cells[i].selected / all.selected.weight : 0) +
             (all.rest.weight > 0 ? cells[i].rest / all.rest.weight : 0);
    };
    const auto value_at = [&](size_t i) {
      i -= bars;
      if (i < texts) return tally.values().value(ids[i]);
      i -= texts;
      return exact && i < exact->size() ? number_value((*exact)[i].number) : Value();
    };
    const size_t shown = std::min(question_.values, order.size());
    std::partial_sort(
        order.begin(), order.begin() + static_cast<ptrdiff_t>(shown), order.end(), [&](size_t a, size_t b) {
          const double part_a = std::abs(difference.parts[a]), part_b = std::abs(difference.parts[b]);
          if (part_a != part_b) return part_a > part_b;
          const double share_a = share_of(a), share_b = share_of(b);
          if (share_a != share_b) return share_a > share_b;
          return compare(value_at(a), value_at(b)) < 0;
        });
    for (size_t i = 0; i < shown; ++i) {
      const DifferenceCell& cell = cells[order[i]];
      column.values.push_back({value_at(order[i]), cell.selected, cell.rest, difference.parts[order[i]]});
    }
    for (size_t i = shown; i < order.size(); ++i) {
      column.selected_beside += cells[order[i]].selected;
      column.rest_beside += cells[order[i]].rest;
    }
    column.selected_beside += static_cast<double>(tally.rare().selected);
    column.rest_beside += static_cast<double>(tally.rare().rest);
    return column;
  }

  const BubbleUpQuestion& question_;
  ScanWanted wanted_;
  std::vector<std::string> names_;  // the first of wanted_.names
  std::vector<Worker> workers_;
};

}  // namespace

Result<BubbleUp> bubble_up(const BubbleUpQuestion& question, const store::Snapshot& snapshot,
                           const RunOptions& options) {
  auto answer =
      run_beside_damage(snapshot, options, [&](const store::Snapshot& sound, const RunOptions& rest) {
        auto attempt = BubbleUpRun(question).run(sound, rest);
        if (attempt.ok())
          attempt->cost.rows_set_aside = store::rows_set_aside(sound, question.range.from, question.range.to);
        return attempt;
      });
  count(Counter::queries);
  if (!answer.ok())
    count(answer.status().kind() == ErrorKind::cancelled ? Counter::queries_cancelled
                                                         : Counter::queries_failed);
  return answer;
}

}  // namespace clew::query
