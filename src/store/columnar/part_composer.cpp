#include "store/columnar/part_composer.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "store/columnar/dictionary_choice.h"
#include "store/columnar/part.h"
#include "store/columnar/part_writer.h"
#include "store/columnar/row_picker.h"
#include "telemetry/semantic_names.h"

namespace clew::store {
namespace {

struct ColumnKey {
  Scope scope;
  ColumnType type;
  std::string_view name;
  auto operator<=>(const ColumnKey&) const = default;
};

class Composer {
 public:
  Composer(PartWriter& writer, std::span<const RowSource> sources, std::span<const GranulePlan> granules,
           LeftOut left_out)
      : writer_(writer), sources_(sources), granules_(granules), left_out_(left_out) {
    std::vector<std::optional<uint32_t>> last_use(sources_.size());
    used_in_.resize(granules_.size());
    for (uint32_t g = 0; g < granules_.size(); ++g) {
      for (const RowReference& row : granules_[g].rows) {
        if (last_use[row.source] == g) continue;
        last_use[row.source] = g;
        used_in_[g].push_back(row.source);
      }
    }
    done_after_.resize(granules_.size());
    for (uint32_t source = 0; source < sources_.size(); ++source) {
      if (last_use[source]) done_after_[*last_use[source]].push_back(source);
    }
    std::unordered_map<const StoredSegment*, uint32_t> numbers;
    for (const RowSource& source : sources_) {
      const auto [known, is_new] =
          numbers.try_emplace(source.segment.get(), static_cast<uint32_t>(segments_.size()));
      if (is_new) segments_.push_back(source.segment.get());
      segment_of_source_.push_back(known->second);
    }
  }

  Status compose() {
    std::vector<uint32_t> rows;
    for (const GranulePlan& plan : granules_)
      rows.push_back(plan.whole ? sources_[*plan.whole].rows() : static_cast<uint32_t>(plan.rows.size()));
    writer_.set_granules(rows);
    for (uint32_t g = 0; g < granules_.size(); ++g) {
      if (!granules_[g].whole) continue;
      const RowSource& source = sources_[*granules_[g].whole];
      CLEW_TRY(writer_.copy_frame(g, as_part(source), source.granule));
    }
    // Columns by key; for each, its number in every segment. Span ids come before the parents that refer to
    // them.
    std::map<ColumnKey, std::vector<uint32_t>> columns;
    for (uint32_t s = 0; s < segments_.size(); ++s) {
      const auto infos = segments_[s]->columns();
      for (uint32_t c = 0; c < segments_[s]->kept_columns(); ++c) {
        auto& numbers = columns[{infos[c].scope, infos[c].type, infos[c].name}];
        numbers.resize(segments_.size(), kNoColumn);
        numbers[s] = c;
      }
    }
    const ColumnKey parents{Scope::intrinsic, ColumnType::span_id, names::kParentId};
    for (const auto& [key, numbers] : columns) {
      if (key != parents) CLEW_TRY(compose_column(key, numbers));
    }
    if (const auto found = columns.find(parents); found != columns.end())
      CLEW_TRY(compose_column(parents, found->second));
    return {};
  }

 private:
  static const Part& as_part(const RowSource& source) { return static_cast<const Part&>(*source.segment); }

  Status compose_column(const ColumnKey& key, const std::vector<uint32_t>& numbers) {
    const ColumnInfo info{key.scope, key.type, std::string(key.name)};
    CLEW_ASSIGN(std::optional<ColumnDictionary> dictionary,
                choose_dictionary({.info = info,
                                   .segments = segments_,
                                   .numbers = numbers,
                                   .sources = sources_,
                                   .segment_of_source = segment_of_source_}));
    if (left_out_ == LeftOut::some_rows) {
      CLEW_ASSIGN(const bool is_used, keep_what_is_used(numbers, dictionary));
      if (!is_used) return {};
    }
    std::optional<std::span<const std::string_view>> values;
    if (dictionary) values = dictionary->united.values;
    CLEW_ASSIGN(const uint32_t column, writer_.add_column(info, values));

    // Decoded once each, only where rows are picked one by one, and for as long as there are such.
    std::vector<std::optional<ColumnData>> decoded(sources_.size());
    for (uint32_t g = 0; g < granules_.size(); ++g) {
      const GranulePlan& plan = granules_[g];
      if (plan.whole) {
        CLEW_TRY(take_over(g, column, info, *plan.whole, numbers, dictionary));
        continue;
      }
      for (const uint32_t source : used_in_[g]) CLEW_TRY(decode(source, numbers, decoded));
      const RowPicker rows(plan.rows, segment_of_source_);
      CLEW_TRY(writer_.add_chunk(g, column, rows.pick(info, decoded, dictionary)));
      let_go(g, decoded);
    }
    return {};
  }

  // Of what was decoded for a granule, what no later one needs.
  void let_go(uint32_t granule, std::vector<std::optional<ColumnData>>& decoded) const {
    for (const uint32_t source : done_after_[granule]) decoded[source].reset();
  }

  // Leaves values out of the dictionary that no planned row has. Whether any planned row has a value at all.
  Result<bool> keep_what_is_used(const std::vector<uint32_t>& numbers,
                                 std::optional<ColumnDictionary>& dictionary) {
    std::vector<uint8_t> used(dictionary ? dictionary->united.values.size() : 0);
    bool any = false;
    std::vector<std::optional<ColumnData>> decoded(sources_.size());
    const auto note = [&](uint32_t source, uint32_t row) {
      const ColumnData& data = *decoded[source];
      if (!data.has(row)) return;
      any = true;
      if (dictionary) used[dictionary->code_of(segment_of_source_[source], data, row)] = 1;
    };
    for (uint32_t g = 0; g < granules_.size(); ++g) {
      // Without a dictionary one value is all there is to know.
      if (any && !dictionary) return true;
      const GranulePlan& plan = granules_[g];
      if (plan.whole) {
        CLEW_TRY(decode(*plan.whole, numbers, decoded));
        for (uint32_t row = 0; row < sources_[*plan.whole].rows(); ++row) note(*plan.whole, row);
        decoded[*plan.whole].reset();
        continue;
      }
      for (const uint32_t source : used_in_[g]) CLEW_TRY(decode(source, numbers, decoded));
      for (const RowReference& row : plan.rows) note(row.source, row.row);
      let_go(g, decoded);
    }
    if (dictionary) dictionary->keep(used);
    return any;
  }

  Status decode(uint32_t source, const std::vector<uint32_t>& numbers,
                std::vector<std::optional<ColumnData>>& decoded) {
    if (decoded[source]) return {};
    const RowSource& from = sources_[source];
    const uint32_t column = numbers[segment_of_source_[source]];
    if (column == kNoColumn || !from.segment->zone_map(from.granule, column)) {
      ColumnData nothing;
      nothing.present.resize((from.rows() + 63) / 64);
      decoded[source] = std::move(nothing);
      return {};
    }
    CLEW_ASSIGN(decoded[source], from.segment->read(from.granule, column));
    return {};
  }

  // A chunk of a granule that is taken over whole: the bytes as they are, unless the column gets a dictionary
  // or loses it.
  Status take_over(uint32_t granule, uint32_t column, const ColumnInfo& info, uint32_t source,
                   const std::vector<uint32_t>& numbers, const std::optional<ColumnDictionary>& dictionary) {
    const RowSource& from = sources_[source];
    const uint32_t segment = segment_of_source_[source];
    if (numbers[segment] == kNoColumn) return {};
    const Part& part = as_part(from);
    const Chunk* chunk = part.find_chunk(from.granule, numbers[segment]);
    if (chunk == nullptr) return {};
    if ((chunk->form == ChunkForm::codes) == dictionary.has_value()) {
      const std::span<const uint32_t> translate =
          dictionary ? std::span<const uint32_t>(dictionary->united.translate[segment])
                     : std::span<const uint32_t>();
      return writer_.copy_chunk(granule, column, part, from.granule, *chunk, translate);
    }
    std::vector<std::optional<ColumnData>> decoded(sources_.size());
    CLEW_TRY(decode(source, numbers, decoded));
    std::vector<RowReference> rows(from.rows());
    for (uint32_t row = 0; row < rows.size(); ++row) rows[row] = {source, row};
    const RowPicker picker(rows, segment_of_source_);
    return writer_.add_chunk(granule, column, picker.pick(info, decoded, dictionary));
  }

  PartWriter& writer_;
  std::span<const RowSource> sources_;
  std::span<const GranulePlan> granules_;
  const LeftOut left_out_;
  // By granule: the sources its single rows come from, and those of which no later one has any.
  std::vector<std::vector<uint32_t>> used_in_, done_after_;
  std::vector<const StoredSegment*> segments_;
  std::vector<uint32_t> segment_of_source_;
};

}  // namespace

Result<ComposedPart> compose_part(File& file, EnvironmentId environment, Signal signal, int32_t day,
                                  std::span<const RowSource> sources, std::span<const GranulePlan> granules,
                                  LeftOut left_out) {
  PartWriter writer(file, environment, signal, day);
  CLEW_TRY(Composer(writer, sources, granules, left_out).compose());
  ComposedPart part;
  CLEW_ASSIGN(part.bytes, writer.finish());
  part.rows = writer.footer().rows;
  part.first = {INT64_MAX};
  part.last = {INT64_MIN};
  for (const PartGranule& granule : writer.footer().granules) {
    part.first = std::min(part.first, granule.info.first);
    part.last = std::max(part.last, granule.info.last);
  }
  return part;
}

}  // namespace clew::store
