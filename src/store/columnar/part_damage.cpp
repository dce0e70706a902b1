// What becomes of a part that cannot be read everywhere.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "store/columnar/part.h"

namespace clew::store {

Status Part::damaged(std::string_view what, uint32_t granule) const {
  return Status(ErrorKind::corrupt,
                fmt::format("part {} is damaged: {} of granule {} fails its check", path(), what, granule));
}

Result<ColumnData> Part::set_aside_if_damaged(uint32_t granule, Result<ColumnData> data) const {
  if (data.ok()) return data;
  const Status status = std::move(data).status();
  // A bad sector is reported as an input/output error before any checksum is looked at.
  if (status.kind() != ErrorKind::corrupt && status.kind() != ErrorKind::unavailable) return status;
  std::string reason(status.message());
  const std::lock_guard lock(mutex_);
  const bool known = std::any_of(set_aside_.begin(), set_aside_.end(),
                                 [&](const SetAside& one) { return one.granule == granule; });
  if (!known) {
    const GranuleInfo& info = granule_infos_[granule];
    count(Counter::parts_damaged);
    log_error("store",
              fmt::format("{}; its granule {} with {} rows is set aside", reason, granule, info.rows));
    set_aside_.push_back({.file = path(),
                          .granule = granule,
                          .rows = info.rows,
                          .first = info.first,
                          .last = info.last,
                          .reason = reason});
    is_damaged_ = true;
  }
  return Status(ErrorKind::corrupt, std::move(reason));
}

std::vector<SetAside> Part::set_aside() const {
  if (!is_damaged_) return {};
  const std::lock_guard lock(mutex_);
  return set_aside_;
}

std::vector<std::string> Part::faults() const {
  std::vector<std::string> found;
  std::set<std::string, std::less<>> known;  // a dictionary fails for each granule that uses it
  const auto note = [&](const Status& status) {
    if (!status.ok() && known.emplace(status.message()).second) found.emplace_back(status.message());
  };
  for (uint32_t column = 0; column < footer_.columns.size(); ++column) {
    if (footer_.columns[column].dictionary) note(load_dictionary(column).status());
  }
  for (uint32_t granule = 0; granule < footer_.granules.size(); ++granule) {
    const PartGranule& meta = footer_.granules[granule];
    if (meta.trace_filter) note(read_piece(*meta.trace_filter).status());
    for (const Chunk& chunk : meta.chunks) note(read_physical(granule, chunk).status());
  }
  return found;
}

Status Part::verify() const {
  std::vector<std::string> found = faults();
  return found.empty() ? Status() : Status(ErrorKind::corrupt, std::move(found.front()));
}

}  // namespace clew::store
