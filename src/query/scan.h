// Scan: walks the granules of a snapshot that may hold matching rows, several at once.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "query/calculated_field.h"
#include "query/column_binding.h"
#include "query/filter.h"
#include "query/granule_reader.h"
#include "query/query_limits.h"
#include "query/result_table.h"
#include "query/run.h"
#include "query/selection.h"
#include "store/storage.h"

namespace clew::query {

class RelatedSpans;

// What a scan knows of one segment.
struct SegmentScan {
  std::shared_ptr<const store::Segment> segment;
  std::vector<BoundColumn> columns;                       // of each name
  std::vector<std::unique_ptr<ComputedColumn>> computed;  // that these refer to
  std::optional<uint32_t> time;                           // the intrinsic columns `time` and
  std::optional<uint32_t> sample_rate;
  std::deque<SegmentFilter> filters;  // of each compiled filter
};

struct ScanWanted {
  TimeRange range;
  Signal signal = Signal::traces;
  std::vector<ColumnName> names;
  // The first decides which rows are meant; the others are bound for the visitor's use.
  std::vector<CompiledFilter> filters;
  // What some of the names stand for; see add_fields().
  std::vector<CompiledField> fields;
  // Knows the relational names, and leaves out the rows that conditions on other spans leave out.
  const RelatedSpans* related = nullptr;
};

// Compiles those of `fields` that the names of `wanted` refer to.
Status add_fields(std::span<const CalculatedField> fields, ScanWanted& wanted);

// A granule with the rows that match.
struct GranuleScan {
  const SegmentScan& segment;
  GranuleReader& reader;
  const Selection& selection;
  size_t worker;
  size_t place;  // in the order of the scan: what breaks ties must not depend on who came first
};

class Scan {
 public:
  // `wanted` must outlive the scan.
  Scan(const ScanWanted& wanted, const store::Snapshot& snapshot);

  struct Granule {
    uint32_t segment;
    uint32_t granule;
    const store::GranuleInfo* info;
  };
  const std::vector<Granule>& granules() const { return granules_; }
  const SegmentScan& segment(uint32_t number) const { return segments_[number]; }
  // By last row: for what wants the newest rows.
  void order_newest_first();

  struct Visitor {
    // Called for a granule that has matching rows. Granules are taken up in order.
    std::function<Status(const GranuleScan&)> visit;
    // The bytes a worker holds at present, for the memory limit.
    std::function<size_t(size_t worker)> bytes_held;
    // When given: whether a granule is worth looking at still.
    std::function<bool(const Granule&)> wants;
  };
  size_t workers(const RunOptions& options) const;
  Status run(const RunOptions& options, QueryLimits& limits, const Visitor& visitor);
  // Of the runs so far.
  Cost cost() const;

 private:
  struct Tally {
    Cost cost;
    size_t bytes_held = 0;
  };
  BoundColumn bind_or_calculate(const ColumnName& name, SegmentScan& scan) const;
  void add_segment(const std::shared_ptr<const store::Segment>& segment);
  Status visit(size_t place, size_t worker, QueryLimits& limits, const Visitor& visitor);
  Status select(const Granule& granule, GranuleReader& reader, Selection& selection) const;

  const ScanWanted& wanted_;
  std::deque<SegmentScan> segments_;
  std::vector<Granule> granules_;
  uint64_t pruned_ = 0;
  std::vector<Tally> tallies_;  // by worker
};

// By row, from meta.sample_rate: at least 1, at most 2^32; empty when every row counts once.
Result<std::vector<uint64_t>> weights_of(const SegmentScan& segment, GranuleReader& reader);
uint64_t weight_of_sample_rate(int64_t sample_rate);

}  // namespace clew::query
