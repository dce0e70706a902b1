#include "store/columnar/row_picker.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

namespace clew::store {
namespace {

// A column of one source, as few steps away from its values as can be: this is the innermost loop of sealing
// and merging.
struct From {
  const ColumnData* data = nullptr;
  const uint64_t* present = nullptr;  // nullptr: every row has a value
  const uint32_t* codes = nullptr;
  const uint32_t* translate = nullptr;  // of the segment, into the dictionary of the part
  uint32_t segment = 0;

  bool has(uint32_t row) const { return present == nullptr || (present[row >> 6] >> (row & 63) & 1) != 0; }
};

// Calls take(from, row) for each row that has a value. Tells in `present` which have, unless all do.
template <typename Take>
void for_each_value(std::span<const RowReference> rows, std::span<const From> sources, bool all,
                    std::vector<uint64_t>& present, const Take& take) {
  if (all) {
    for (const RowReference at : rows) take(sources[at.source], at.row);
    return;
  }
  present.resize((rows.size() + 63) / 64);
  bool any_missing = false;
  for (size_t begin = 0; begin < rows.size(); begin += 64) {
    const size_t end = std::min(begin + 64, rows.size());
    uint64_t word = 0;
    for (size_t i = begin; i < end; ++i) {
      const From& from = sources[rows[i].source];
      const bool has = from.has(rows[i].row);
      word |= static_cast<uint64_t>(has) << (i - begin);
      if (has) take(from, rows[i].row);
    }
    present[begin >> 6] = word;
    any_missing |= word != (end - begin == 64 ? ~uint64_t{0} : (uint64_t{1} << (end - begin)) - 1);
  }
  if (!any_missing) present.clear();
}

}  // namespace

CompactColumn RowPicker::pick(const ColumnInfo& info, std::span<const std::optional<ColumnData>> decoded,
                              const std::optional<ColumnDictionary>& dictionary) const {
  std::vector<From> sources(decoded.size());
  bool all = true;
  for (size_t s = 0; s < decoded.size(); ++s) {
    if (!decoded[s]) continue;  // no row refers to it
    const ColumnData& data = *decoded[s];
    const uint32_t segment = segment_of_source_[s];
    sources[s] = {.data = &data,
                  .present = data.present.empty() ? nullptr : data.present.data(),
                  .codes = data.is_dictionary() ? data.codes.data() : nullptr,
                  .translate = dictionary ? dictionary->united.translate[segment].data() : nullptr,
                  .segment = segment};
    all = all && data.present.empty();
  }

  CompactColumn column;
  column.info = info;
  const auto each = [&](const auto& take) { for_each_value(rows_, sources, all, column.present, take); };
  switch (info.type) {
    case ColumnType::int64:
    case ColumnType::time:
    case ColumnType::duration:
      each([&](const From& from, uint32_t row) { column.integers.push_back(from.data->integers[row]); });
      break;
    case ColumnType::float64:
      each([&](const From& from, uint32_t row) { column.floats.push_back(from.data->floats[row]); });
      break;
    case ColumnType::boolean:
      each([&](const From& from, uint32_t row) { column.booleans.push_back(from.data->booleans[row]); });
      break;
    case ColumnType::span_id:
      each([&](const From& from, uint32_t row) {
        uint64_t raw;
        std::memcpy(&raw, from.data->strings[row].data(), sizeof raw);
        column.ids.push_back(raw);
      });
      break;
    case ColumnType::trace_id: {
      // Rows of a trace stand together, so that each run is one entry; a trace cut apart by time may make
      // two.
      std::unordered_map<std::string_view, uint32_t> known;
      each([&](const From& from, uint32_t row) {
        const std::string_view id = from.data->string_at(row);
        if (column.strings.empty() || column.strings[column.codes.back()] != id) {
          const auto [entry, is_new] = known.try_emplace(id, static_cast<uint32_t>(column.strings.size()));
          if (is_new) column.strings.push_back(id);
          column.codes.push_back(entry->second);
        } else {
          column.codes.push_back(column.codes.back());
        }
      });
      break;
    }
    case ColumnType::string:
    case ColumnType::bytes:
    case ColumnType::json:
      if (dictionary) {
        each([&](const From& from, uint32_t row) {
          const uint32_t code = from.codes != nullptr
                                    ? from.codes[row]
                                    : *dictionary->of_plain[from.segment].find(from.data->strings[row]);
          column.codes.push_back(from.translate[code]);
        });
      } else {
        each([&](const From& from, uint32_t row) { column.strings.push_back(from.data->string_at(row)); });
      }
  }
  return column;
}

}  // namespace clew::store
