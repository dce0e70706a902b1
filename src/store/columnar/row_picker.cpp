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

// Appends value_of(from, row) to `values` for each row that has a value. Tells in `present` which have,
// unless all do; `all`: whether that is known beforehand.
template <typename Value, typename ValueOf>
void pick_values(std::span<const RowReference> rows, std::span<const From> sources, bool all,
                 std::vector<uint64_t>& present, std::vector<Value>& values, const ValueOf& value_of) {
  if (all) {
    values.resize(rows.size());
    Value* to = values.data();
    for (const RowReference at : rows) *to++ = value_of(sources[at.source], at.row);
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
      if (has) values.push_back(value_of(from, rows[i].row));
    }
    present[begin >> 6] = word;
    any_missing |= word != (end - begin == 64 ? ~uint64_t{0} : (uint64_t{1} << (end - begin)) - 1);
  }
  if (!any_missing) present.clear();
}

// Trace ids by their number in the order in which they come. Rows of a trace stand together, so that each run
// is one entry; a trace cut apart by time may make two.
class TraceNumbers {
 public:
  explicit TraceNumbers(std::vector<std::string_view>& ids) : ids_(ids) {}
  uint32_t number_of(std::string_view id) {
    if (ids_.empty() || ids_[last_] != id) {
      const auto [entry, is_new] = known_.try_emplace(id, static_cast<uint32_t>(ids_.size()));
      if (is_new) ids_.push_back(id);
      last_ = entry->second;
    }
    return last_;
  }

 private:
  std::vector<std::string_view>& ids_;
  std::unordered_map<std::string_view, uint32_t> known_;
  uint32_t last_ = 0;
};

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
  const auto pick = [&](auto& values, const auto& value_of) {
    pick_values(rows_, sources, all, column.present, values, value_of);
  };
  switch (info.type) {
    case ColumnType::int64:
    case ColumnType::time:
    case ColumnType::duration:
      pick(column.integers, [](const From& from, uint32_t row) { return from.data->integers[row]; });
      break;
    case ColumnType::float64:
      pick(column.floats, [](const From& from, uint32_t row) { return from.data->floats[row]; });
      break;
    case ColumnType::boolean:
      pick(column.booleans, [](const From& from, uint32_t row) { return from.data->booleans[row]; });
      break;
    case ColumnType::span_id:
      pick(column.ids, [](const From& from, uint32_t row) {
        uint64_t raw;
        std::memcpy(&raw, from.data->strings[row].data(), sizeof raw);
        return raw;
      });
      break;
    case ColumnType::trace_id: {
      TraceNumbers numbers(column.strings);
      pick(column.codes, [&numbers](const From& from, uint32_t row) {
        return numbers.number_of(from.data->string_at(row));
      });
      break;
    }
    case ColumnType::string:
    case ColumnType::bytes:
    case ColumnType::json:
      if (dictionary) {
        pick(column.codes, [&dictionary](const From& from, uint32_t row) {
          const uint32_t code = from.codes != nullptr
                                    ? from.codes[row]
                                    : *dictionary->of_plain[from.segment].find(from.data->strings[row]);
          return from.translate[code];
        });
      } else {
        pick(column.strings, [](const From& from, uint32_t row) { return from.data->string_at(row); });
      }
  }
  return column;
}

}  // namespace clew::store
