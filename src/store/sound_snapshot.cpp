#include "store/sound_snapshot.h"

#include <algorithm>
#include <atomic>

namespace clew::store {
namespace {

// Caches know a segment by its id, and this one has other granules than the one it is made of. Ids of other
// segments count up from 1.
uint64_t next_id() {
  static std::atomic<uint64_t> last{uint64_t{1} << 63};
  return ++last;
}

class SoundSegment final : public Segment {
 public:
  SoundSegment(std::shared_ptr<const Segment> whole, const std::vector<SetAside>& damaged)
      : whole_(std::move(whole)), id_(next_id()) {
    const auto granules = whole_->granules();
    for (uint32_t granule = 0; granule < granules.size(); ++granule) {
      if (std::any_of(damaged.begin(), damaged.end(),
                      [&](const SetAside& one) { return one.granule == granule; }))
        continue;
      granules_.push_back(granules[granule]);
      numbers_.push_back(granule);
    }
  }

  uint64_t id() const override { return id_; }
  std::span<const GranuleInfo> granules() const override { return granules_; }
  std::span<const ColumnInfo> columns() const override { return whole_->columns(); }
  std::optional<ZoneMap> zone_map(uint32_t granule, uint32_t column) const override {
    return whole_->zone_map(numbers_[granule], column);
  }
  Result<ColumnData> read(uint32_t granule, uint32_t column) const override {
    return whole_->read(numbers_[granule], column);
  }
  Result<ColumnData> read_rows(uint32_t granule, uint32_t column,
                               std::span<const uint32_t> rows) const override {
    return whole_->read_rows(numbers_[granule], column, rows);
  }
  std::optional<std::span<const std::string_view>> dictionary(uint32_t column) const override {
    return whole_->dictionary(column);
  }
  bool has_sorted_dictionary(uint32_t column) const override { return whole_->has_sorted_dictionary(column); }
  std::vector<uint32_t> granules_of_trace(const TraceId& trace) const override {
    std::vector<uint32_t> found;
    for (const uint32_t of_whole : whole_->granules_of_trace(trace)) {
      if (const auto number = number_of(of_whole)) found.push_back(*number);
    }
    return found;
  }
  uint64_t stored_bytes(uint32_t granule, uint32_t column) const override {
    return whole_->stored_bytes(numbers_[granule], column);
  }
  std::vector<SetAside> set_aside() const override {
    std::vector<SetAside> found;
    for (SetAside one : whole_->set_aside()) {
      const auto number = number_of(one.granule);
      if (!number) continue;
      one.granule = *number;
      found.push_back(std::move(one));
    }
    return found;
  }

 private:
  std::optional<uint32_t> number_of(uint32_t granule_of_whole) const {
    const auto found = std::lower_bound(numbers_.begin(), numbers_.end(), granule_of_whole);
    if (found == numbers_.end() || *found != granule_of_whole) return std::nullopt;
    return static_cast<uint32_t>(found - numbers_.begin());
  }

  const std::shared_ptr<const Segment> whole_;
  const uint64_t id_;
  std::vector<GranuleInfo> granules_;
  std::vector<uint32_t> numbers_;  // of its granules in the whole segment
};

}  // namespace

Snapshot without_damage(Snapshot snapshot) {
  for (auto& segment : snapshot.segments) {
    std::vector<SetAside> damaged = segment->set_aside();
    if (damaged.empty()) continue;
    segment = std::make_shared<SoundSegment>(std::move(segment), damaged);
    snapshot.set_aside.insert(snapshot.set_aside.end(), std::make_move_iterator(damaged.begin()),
                              std::make_move_iterator(damaged.end()));
  }
  return snapshot;
}

uint64_t rows_set_aside(const Snapshot& snapshot, UnixNanos from, UnixNanos to) {
  uint64_t rows = 0;
  for (const SetAside& one : snapshot.set_aside) {
    if (one.first < to && from <= one.last) rows += one.rows;
  }
  return rows;
}

}  // namespace clew::store
