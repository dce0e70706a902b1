#include "query/scan.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/counters.h"
#include "query/related_spans.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

// When fewer than one row in so many matches, the other columns are read for these rows alone.
constexpr uint32_t kFewRows = 24;

std::optional<uint32_t> find_integers(const store::Segment& segment, std::string_view name,
                                      store::ColumnType type) {
  std::span<const store::ColumnInfo> columns = segment.columns();
  for (uint32_t i = 0; i < columns.size(); ++i) {
    if (columns[i].scope == store::Scope::intrinsic && columns[i].type == type && columns[i].name == name)
      return i;
  }
  return std::nullopt;
}

}  // namespace

Scan::Scan(const ScanWanted& wanted, const store::Snapshot& snapshot) : wanted_(wanted) {
  for (const auto& segment : snapshot.segments) add_segment(segment);
}

void Scan::add_segment(const std::shared_ptr<const store::Segment>& segment) {
  std::span<const store::GranuleInfo> granules = segment->granules();
  bool unbounded = wanted_.range == TimeRange{};
  auto in_range = [&](const store::GranuleInfo& granule) {
    return granule.rows > 0 && (unbounded || wanted_.range.overlaps(granule.first, granule.last));
  };
  if (std::none_of(granules.begin(), granules.end(), in_range)) {
    pruned_ += granules.size();
    return;
  }
  SegmentScan& scan = segments_.emplace_back();
  scan.segment = segment;
  scan.time = find_integers(*segment, names::kTime, store::ColumnType::time);
  scan.sample_rate = find_integers(*segment, names::kSampleRate, store::ColumnType::int64);
  for (const ColumnName& name : wanted_.names) scan.columns.push_back(bind_or_calculate(name, scan));
  for (const CompiledFilter& filter : wanted_.filters)
    scan.filters.emplace_back(filter, *segment, scan.columns);
  auto number = static_cast<uint32_t>(segments_.size() - 1);
  for (uint32_t i = 0; i < granules.size(); ++i) {
    if (in_range(granules[i]) && scan.filters[0].may_match(i, SegmentFilter::Effort::zone_maps)) {
      granules_.push_back({number, i, &granules[i]});
    } else {
      ++pruned_;
    }
  }
}

BoundColumn Scan::bind_or_calculate(const ColumnName& name, SegmentScan& scan) const {
  if (name.relation != Relation::own) {
    // Whoever has not looked at the other spans finds nothing there.
    if (wanted_.related == nullptr) return {};
    scan.computed.push_back(wanted_.related->column(name));
    return candidates_of(*scan.computed.back());
  }
  for (const CompiledField& field : wanted_.fields) {
    if (name.scope || field.name != name.name) continue;
    scan.computed.push_back(std::make_unique<BoundField>(field, *scan.segment));
    return candidates_of(*scan.computed.back());
  }
  return bind(name, *scan.segment);
}

void Scan::order_newest_first() {
  std::stable_sort(granules_.begin(), granules_.end(),
                   [](const Granule& a, const Granule& b) { return a.info->last > b.info->last; });
}

size_t Scan::workers(const RunOptions& options) const {
  size_t most = options.pool == nullptr ? 1 : options.pool->width();
  return std::clamp<size_t>(granules_.size(), 1, most);
}

Status Scan::run(const RunOptions& options, QueryLimits& limits, const Visitor& visitor) {
  uint64_t rows = 0;
  for (const Granule& granule : granules_) rows += granule.info->rows;
  limits.expect_rows(rows);
  CLEW_TRY(limits.check());

  size_t most = workers(options);
  tallies_.resize(std::max(tallies_.size(), most));
  std::atomic<size_t> next = 0;
  std::atomic<bool> stop = false;
  std::mutex failure_mutex;
  Status failure;
  auto work = [&](size_t worker) {
    while (!stop) {
      size_t i = next++;
      if (i >= granules_.size()) return;
      Status status = visit(i, worker, limits, visitor);
      if (status.ok()) continue;
      std::lock_guard lock(failure_mutex);
      if (!stop.exchange(true)) failure = std::move(status);
    }
  };
  if (most == 1) {
    work(0);
  } else {
    options.pool->run_on_all(most, work);
  }
  return failure;
}

Status Scan::visit(size_t place, size_t worker, QueryLimits& limits, const Visitor& visitor) {
  const Granule& granule = granules_[place];
  const SegmentScan& segment = segments_[granule.segment];
  Tally& tally = tallies_[worker];
  if ((visitor.wants && !visitor.wants(granule)) ||
      !segment.filters[0].may_match(granule.granule, SegmentFilter::Effort::dictionaries)) {
    ++tally.cost.granules_pruned;
    return limits.account(granule.info->rows, 0, 0);
  }
  GranuleReader reader(*segment.segment, granule.granule, wanted_.signal);
  Selection selection = Selection::all(reader.rows());
  CLEW_TRY(select(granule, reader, selection));
  uint64_t matched = selection.count();
  uint64_t bytes_read_of_few = 0;
  if (matched > reader.rows() / kFewRows) {
    CLEW_TRY(visitor.visit({segment, reader, selection, worker, place}));
  } else if (matched > 0) {
    std::vector<uint32_t> rows;
    for_each_row(selection, [&](uint32_t row) { rows.push_back(row); });
    GranuleReader few(reader, std::move(rows));
    CLEW_TRY(visitor.visit({segment, few, Selection::all(few.rows()), worker, place}));
    bytes_read_of_few = few.bytes_read();
  }

  tally.cost.rows_scanned += reader.rows();
  tally.cost.rows_matched += matched;
  tally.cost.granules_read += 1;
  uint64_t bytes_read = reader.bytes_read() + bytes_read_of_few;
  tally.cost.bytes_read += bytes_read;
  size_t held_before = tally.bytes_held;
  if (visitor.bytes_held) tally.bytes_held = visitor.bytes_held(worker);
  return limits.account(reader.rows(), bytes_read,
                        static_cast<int64_t>(tally.bytes_held) - static_cast<int64_t>(held_before));
}

Status Scan::select(const Granule& granule, GranuleReader& reader, Selection& selection) const {
  const SegmentScan& segment = segments_[granule.segment];
  const TimeRange& range = wanted_.range;
  bool all_in_range = range.from <= granule.info->first && granule.info->last < range.to;
  // The largest time is no time of the range, but a row may carry it; without bounds it is meant too.
  bool unbounded = range == TimeRange{};
  if (!all_in_range && !unbounded && segment.time) {
    CLEW_ASSIGN(const store::ColumnData* times, reader.read(*segment.time));
    const int64_t* at = times->integers.data();
    int64_t from = range.from.count, to = range.to.count;
    keep_rows(selection, [=](uint32_t row) { return (at[row] >= from) & (at[row] < to); });
  }
  CLEW_TRY(segment.filters[0].narrow(reader, selection));
  return wanted_.related == nullptr ? Status() : wanted_.related->narrow(reader, selection);
}

Cost Scan::cost() const {
  Cost sum;
  sum.granules_pruned = pruned_;
  for (const Tally& tally : tallies_) {
    sum.rows_scanned += tally.cost.rows_scanned;
    sum.rows_matched += tally.cost.rows_matched;
    sum.granules_read += tally.cost.granules_read;
    sum.granules_pruned += tally.cost.granules_pruned;
    sum.bytes_read += tally.cost.bytes_read;
  }
  count(Counter::rows_scanned, sum.rows_scanned);
  return sum;
}

Status add_fields(std::span<const CalculatedField> fields, ScanWanted& wanted) {
  for (const ColumnName& name : wanted.names) {
    const CalculatedField* field = find_field(name, fields);
    if (field == nullptr) continue;
    CLEW_ASSIGN(CompiledField compiled, compile_field(*field, fields));
    wanted.fields.push_back(std::move(compiled));
  }
  return {};
}

uint64_t weight_of_sample_rate(int64_t sample_rate) {
  return static_cast<uint64_t>(std::clamp<int64_t>(sample_rate, 1, int64_t{1} << 32));
}

Result<std::vector<uint64_t>> weights_of(const SegmentScan& segment, GranuleReader& reader) {
  if (!segment.sample_rate || !segment.segment->zone_map(reader.granule(), *segment.sample_rate))
    return std::vector<uint64_t>();
  CLEW_ASSIGN(const store::ColumnData* rates, reader.read(*segment.sample_rate));
  std::vector<uint64_t> weights(reader.rows(), 1);
  for (uint32_t row = 0; row < reader.rows(); ++row) {
    if (rates->has(row)) weights[row] = weight_of_sample_rate(rates->integers[row]);
  }
  return weights;
}

}  // namespace clew::query
