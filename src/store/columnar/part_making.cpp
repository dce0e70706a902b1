#include "store/columnar/part_making.h"

#include <algorithm>

#include "store/columnar/part_composer.h"
#include "store/columnar/row_order.h"

namespace clew::store {
namespace {

// Times outside of this window around today share the part of its first or last day, so that wild clocks
// cannot make thousands of parts.
constexpr int32_t kDaysBack = 370;
constexpr int32_t kDaysAhead = 1;

// Half of what a granule may have: a trace is read out of one granule, and scans lose nothing.
constexpr uint32_t kRowsOfPartGranule = kGranuleRows / 2;

// A granule has at most about so much text without a dictionary, because whoever searches it holds all of it
// in memory; but never fewer rows than that.
constexpr uint64_t kMostTextBytes = 16 << 20;
constexpr uint32_t kFewestRows = 1'024;

uint32_t most_rows_of_granule(std::span<const RowSource> sources) {
  uint64_t rows = 0, text = 0;
  for (const RowSource& source : sources) {
    rows += source.rows();
    text += source.plain_text_bytes();
  }
  if (text == 0) return kRowsOfPartGranule;
  const double fitting =
      static_cast<double>(kMostTextBytes) * static_cast<double>(rows) / static_cast<double>(text);
  return static_cast<uint32_t>(std::clamp<double>(fitting, kFewestRows, kRowsOfPartGranule));
}

// Such a granule is taken over by a merge as it is; smaller ones are put together.
bool is_full_enough(const RowSource& source) {
  return source.rows() >= kRowsOfPartGranule / 2 || source.plain_text_bytes() >= kMostTextBytes / 2;
}

struct Target {
  TableKey table;
  int32_t day;
  uint32_t level;
};

Result<PublishedPart> write_part(FileSystem& files, Catalog& catalog, const Target& target,
                                 std::span<const RowSource> sources, std::span<const GranulePlan> plans,
                                 LeftOut left_out = LeftOut::nothing) {
  const Catalog::NewPart made = catalog.new_part();
  auto write = [&]() -> Result<PublishedPart> {
    CLEW_ASSIGN(const auto file, files.open(made.path, OpenMode::create));
    CLEW_ASSIGN(const ComposedPart composed,
                compose_part(*file, target.table.environment, target.table.signal, target.day, sources, plans,
                             left_out));
    CLEW_ASSIGN(std::shared_ptr<const Part> part, Part::open(files, made.path));
    return PublishedPart{PartEntry{.number = made.number,
                                   .environment = target.table.environment,
                                   .signal = target.table.signal,
                                   .day = target.day,
                                   .level = target.level,
                                   .rows = composed.rows,
                                   .bytes = composed.bytes,
                                   .first = composed.first,
                                   .last = composed.last},
                         std::move(part)};
  };
  auto written = write();
  if (!written.ok()) catalog.abandon(made);
  return written;
}

// Without the rows that `is_erased`.
template <typename IsErased>
OrderedRows without(OrderedRows ordered, IsErased is_erased) {
  OrderedRows left;
  for (size_t i = 0; i < ordered.rows.size(); ++i) {
    if (is_erased(ordered.rows[i])) continue;
    left.rows.push_back(ordered.rows[i]);
    left.clusters.push_back(ordered.clusters[i]);
  }
  return left;
}

std::vector<GranulePlan> plan_rows(const OrderedRows& ordered, uint32_t most_rows) {
  std::vector<GranulePlan> plans;
  for (auto& rows : cut_granules(ordered, most_rows))
    plans.push_back({.rows = std::move(rows), .whole = std::nullopt});
  return plans;
}

}  // namespace

Result<std::vector<PublishedPart>> seal_blocks(FileSystem& files, Catalog& catalog, TableKey table,
                                               std::span<const std::shared_ptr<const Block>> blocks) {
  std::vector<RowSource> sources;
  for (const auto& block : blocks) sources.push_back({block, 0});
  const int32_t today = day_of(now());
  CLEW_ASSIGN(const auto by_day, order_rows(sources, table.signal, today - kDaysBack, today + kDaysAhead));
  const uint32_t most_rows = most_rows_of_granule(sources);
  std::vector<PublishedPart> parts;
  for (const DayRows& day : by_day) {
    auto part = write_part(files, catalog, {table, day.day, 0}, sources, plan_rows(day.ordered, most_rows));
    if (!part.ok()) {
      for (const PublishedPart& done : parts) done.part->remove_when_unused();
      return std::move(part).status();
    }
    parts.push_back(std::move(part).value());
  }
  return parts;
}

Result<std::optional<PublishedPart>> merge_parts(FileSystem& files, Catalog& catalog,
                                                 std::span<const PublishedPart> parts,
                                                 std::span<const RowsToErase> erased) {
  const PartEntry& model = parts[0].entry;
  struct Source {
    RowSource rows;
    const RowsToErase* erased;  // nullptr: nothing of this granule
  };
  std::vector<Source> found;
  uint32_t level = 0;
  bool any_erased = false;
  for (size_t p = 0; p < parts.size(); ++p) {
    level = std::max(level, parts[p].entry.level);
    for (uint32_t granule = 0; granule < parts[p].part->granules().size(); ++granule) {
      const bool any = p < erased.size() && erased[p].any_in(granule);
      found.push_back({{parts[p].part, granule}, any ? &erased[p] : nullptr});
      any_erased = any_erased || any;
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Source& a, const Source& b) {
    return a.rows.segment->granules()[a.rows.granule].first <
           b.rows.segment->granules()[b.rows.granule].first;
  });
  std::vector<RowSource> sources;
  for (const Source& one : found) sources.push_back(one.rows);

  std::vector<GranulePlan> plans;
  std::vector<uint32_t> small;
  for (uint32_t s = 0; s < sources.size(); ++s) {
    if (found[s].erased == nullptr && is_full_enough(sources[s]))
      plans.push_back({.rows = {}, .whole = s});
    else
      small.push_back(s);
  }
  // Small ones are ordered together, as many at a time as a few granules hold, so that memory stays bounded.
  constexpr uint64_t kTogether = uint64_t{8} * kRowsOfPartGranule, kTextTogether = 4 * kMostTextBytes;
  for (size_t begin = 0; begin < small.size();) {
    std::vector<RowSource> group;
    uint64_t rows = 0, text = 0;
    size_t end = begin;
    while (end < small.size() &&
           (end == begin || (rows + sources[small[end]].rows() <= kTogether &&
                             text + sources[small[end]].plain_text_bytes() <= kTextTogether))) {
      rows += sources[small[end]].rows();
      text += sources[small[end]].plain_text_bytes();
      group.push_back(sources[small[end++]]);
    }
    CLEW_ASSIGN(auto ordered, order_rows(group, model.signal, model.day, model.day));
    for (DayRows& day : ordered) {
      for (RowReference& row : day.ordered.rows) row.source = small[begin + row.source];
      if (any_erased) {
        day.ordered = without(std::move(day.ordered), [&](const RowReference& row) {
          const RowsToErase* of_source = found[row.source].erased;
          return of_source != nullptr && of_source->has(sources[row.source].granule, row.row);
        });
      }
      for (GranulePlan& plan : plan_rows(day.ordered, most_rows_of_granule(group)))
        plans.push_back(std::move(plan));
    }
    begin = end;
  }
  if (plans.empty()) return std::optional<PublishedPart>();
  CLEW_ASSIGN(
      PublishedPart made,
      write_part(files, catalog,
                 {{model.environment, model.signal}, model.day, parts.size() == 1 ? level : level + 1},
                 sources, plans, any_erased ? LeftOut::some_rows : LeftOut::nothing));
  return std::optional(std::move(made));
}

}  // namespace clew::store
