#include "query/row_run.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "query/related_spans.h"
#include "query/scan.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

// A row that may be in the result.
struct Place {
  int64_t time;
  const SegmentScan* segment;
  uint32_t granule;
  uint32_t row;
};

// The first rows by time, with all that share the time of the last: which of these come first is for their
// cells to say.
class FirstPlaces {
 public:
  FirstPlaces(size_t limit, Direction direction) : limit_(limit), sign_(direction == Direction::ascending) {}

  bool before(int64_t a, int64_t b) const { return sign_ ? a < b : a > b; }
  // Whether a row of this time may be among them.
  bool wants(int64_t time) {
    std::lock_guard lock(mutex_);
    return !worst_ || !before(*worst_, time);
  }
  void add(const std::vector<Place>& places) {
    std::lock_guard lock(mutex_);
    places_.insert(places_.end(), places.begin(), places.end());
    if (places_.size() >= limit_) cut();
  }
  std::vector<Place> take() { return std::move(places_); }
  size_t bytes() {
    std::lock_guard lock(mutex_);
    return places_.capacity() * sizeof(Place);
  }

 private:
  void cut() {
    auto by_time = [this](const Place& a, const Place& b) { return before(a.time, b.time); };
    auto last = places_.begin() + static_cast<ptrdiff_t>(limit_ - 1);
    std::nth_element(places_.begin(), last, places_.end(), by_time);
    worst_ = last->time;
    std::erase_if(places_, [this](const Place& place) { return before(*worst_, place.time); });
  }

  size_t limit_;
  bool sign_;
  std::mutex mutex_;
  std::vector<Place> places_;
  std::optional<int64_t> worst_;
};

struct Row {
  int64_t time;
  std::vector<Value> cells;
};

class RowRun {
 public:
  RowRun(const Plan& plan, const store::Snapshot& snapshot) : plan_(plan), snapshot_(snapshot) {}

  Result<ResultTable> execute(const RunOptions& options, QueryLimits& limits) {
    NameList names;
    wanted_.range = plan_.range;
    wanted_.signal = plan_.signal;
    CLEW_ASSIGN(const std::unique_ptr<RelatedSpans> related,
                RelatedSpans::gather(plan_, snapshot_, options, limits));
    wanted_.related = related.get();
    CLEW_ASSIGN(CompiledFilter filter, compile(split(plan_.filter).own, names));
    wanted_.filters.push_back(std::move(filter));
    std::vector<ColumnName> columns = plan_.rows->columns;
    if (columns.empty()) columns = every_column();
    for (const ColumnName& column : columns) cell_names_.push_back(names.add(column));
    wanted_.names = names.names();
    CLEW_TRY(add_fields(plan_.fields, wanted_));

    Scan scan(wanted_, snapshot_);
    CLEW_ASSIGN(std::vector<Place> places, find_places(scan, options, limits));
    ResultTable result;
    CLEW_ASSIGN(std::vector<Row> rows, read_rows(std::move(places), limits));
    for (size_t i = 0; i < columns.size(); ++i)
      result.columns.push_back({full_name(columns[i]), ColumnRole::row, {}});
    for (Row& row : rows) {
      for (size_t i = 0; i < columns.size(); ++i) result.columns[i].values.push_back(std::move(row.cells[i]));
    }
    result.row_count = rows.size();
    if (plan_.rows->columns.empty()) {
      std::erase_if(result.columns, [](const ResultColumn& column) {
        return std::all_of(column.values.begin(), column.values.end(), is_null);
      });
    }
    result.cost = scan.cost();
    return result;
  }

 private:
  std::vector<ColumnName> every_column() const {
    std::set<std::string> names;
    for (const auto& segment : snapshot_.segments) {
      for (const store::ColumnInfo& column : segment->columns()) {
        if (column.name != names::kOrigin) names.insert(column.name);
      }
    }
    std::vector<ColumnName> columns;
    for (const std::string& name : names) columns.push_back({name, {}});
    return columns;
  }

  Result<std::vector<Place>> find_places(Scan& scan, const RunOptions& options, QueryLimits& limits) const {
    Direction direction = plan_.rows->order_by_time;
    if (direction == Direction::descending) scan.order_newest_first();
    FirstPlaces first(plan_.limit, direction);
    Scan::Visitor visitor;
    visitor.wants = [&](const Scan::Granule& granule) {
      return first.wants(direction == Direction::descending ? granule.info->last.count
                                                            : granule.info->first.count);
    };
    visitor.bytes_held = [&](size_t worker) { return worker == 0 ? first.bytes() : 0; };
    visitor.visit = [&](const GranuleScan& granule) -> Status {
      const store::ColumnData* times = nullptr;
      if (granule.segment.time) {
        CLEW_ASSIGN(times, granule.reader.read(*granule.segment.time));
      }
      FirstPlaces here(plan_.limit, direction);
      std::vector<Place> places;
      for_each_row(granule.selection, [&](uint32_t row) {
        places.push_back({times == nullptr ? 0 : times->integers[row], &granule.segment,
                          granule.reader.granule(), granule.reader.row_in_granule(row)});
      });
      here.add(places);
      first.add(here.take());
      return {};
    };
    CLEW_TRY(scan.run(options, limits, visitor));
    return first.take();
  }

  Result<std::vector<Row>> read_rows(std::vector<Place> places, QueryLimits& limits) const {
    std::map<std::pair<const SegmentScan*, uint32_t>, std::vector<Place>> by_granule;
    for (const Place& place : places) by_granule[{place.segment, place.granule}].push_back(place);
    std::vector<Row> rows;
    for (const auto& [key, in_granule] : by_granule) {
      CLEW_TRY(limits.check());
      const SegmentScan& segment = *key.first;
      std::vector<uint32_t> wanted;
      for (const Place& place : in_granule) wanted.push_back(place.row);
      std::sort(wanted.begin(), wanted.end());
      GranuleReader whole(*segment.segment, key.second, plan_.signal);
      CLEW_ASSIGN(const store::ColumnData* times,
                  segment.time ? whole.read(*segment.time) : Result<const store::ColumnData*>(nullptr));
      GranuleReader reader(whole, wanted);
      size_t first = rows.size();
      for (uint32_t row : wanted)
        rows.push_back({times == nullptr ? 0 : times->integers[row], std::vector<Value>(cell_names_.size())});
      for (size_t i = 0; i < cell_names_.size(); ++i) {
        CLEW_ASSIGN(ResolvedColumn pieces, reader.resolve(segment.columns[cell_names_[i]]));
        for (uint32_t j = 0; j < wanted.size(); ++j) rows[first + j].cells[i] = cell_of(pieces, j);
      }
    }
    bool ascending = plan_.rows->order_by_time == Direction::ascending;
    std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      if (a.time != b.time) return (a.time < b.time) == ascending;
      return std::lexicographical_compare(a.cells.begin(), a.cells.end(), b.cells.begin(), b.cells.end(),
                                          [](const Value& x, const Value& y) { return compare(x, y) < 0; });
    });
    if (rows.size() > plan_.limit) rows.resize(plan_.limit);
    return rows;
  }

  static Value cell_of(const ResolvedColumn& pieces, uint32_t row) {
    for (const Piece& piece : pieces) {
      std::span<const uint64_t> mask = piece.mask();
      if (mask.empty() || (mask[row >> 6] >> (row & 63) & 1) != 0) return value_at(*piece.data, row);
    }
    return {};
  }

  const Plan& plan_;
  const store::Snapshot& snapshot_;
  ScanWanted wanted_;
  std::vector<size_t> cell_names_;
};

}  // namespace

Result<ResultTable> run_rows(const Plan& plan, const store::Snapshot& snapshot, const RunOptions& options,
                             QueryLimits& limits) {
  return RowRun(plan, snapshot).execute(options, limits);
}

}  // namespace clew::query
