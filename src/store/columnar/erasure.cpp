#include "store/columnar/erasure.h"

#include <algorithm>
#include <bit>

namespace clew::store {
namespace {

std::optional<uint32_t> find_column(const StoredSegment& segment, Scope scope, ColumnType type,
                                    std::string_view name) {
  const auto columns = segment.columns();
  for (uint32_t column = 0; column < columns.size(); ++column) {
    if (columns[column].scope == scope && columns[column].type == type && columns[column].name == name)
      return column;
  }
  return std::nullopt;
}

// One granule, of which columns are read when a rule asks for them.
class GranuleColumns {
 public:
  GranuleColumns(const StoredSegment& segment, uint32_t granule) : segment_(segment), granule_(granule) {}

  // nullptr when no row has a value there.
  Result<const ColumnData*> read(Scope scope, ColumnType type, std::string_view name) {
    const auto column = find_column(segment_, scope, type, name);
    if (!column || !segment_.zone_map(granule_, *column)) return nullptr;
    const auto known = data_.find(*column);
    if (known != data_.end()) return &known->second;
    CLEW_ASSIGN(ColumnData data, segment_.read(granule_, *column));
    return &data_.emplace(*column, std::move(data)).first->second;
  }
  // Whether some row may be below the limit, as far as can be told without reading.
  bool may_be_below(const ErasureRule::Below& below) const {
    const auto column = find_column(segment_, below.scope, ColumnType::int64, below.column);
    if (!column) return false;
    const auto zone = segment_.zone_map(granule_, *column);
    return zone && (!zone->integer_min || *zone->integer_min < below.limit);
  }
  // Whether the row is meant, all but the first text of the rule being known to hold.
  Result<bool> is_meant(const ErasureRule& rule, uint32_t row) {
    for (size_t i = 1; i < rule.texts.size(); ++i) {
      const ErasureRule::Text& text = rule.texts[i];
      CLEW_ASSIGN(const ColumnData* data, read(text.scope, ColumnType::string, text.column));
      if (data == nullptr || !data->has(row) || data->string_at(row) != text.value) return false;
    }
    if (!rule.below) return true;
    CLEW_ASSIGN(const ColumnData* data, read(rule.below->scope, ColumnType::int64, rule.below->column));
    return data != nullptr && data->has(row) && data->integers[row] < rule.below->limit;
  }

 private:
  const StoredSegment& segment_;
  const uint32_t granule_;
  std::map<uint32_t, ColumnData> data_;
};

Status mark_all_but_spared(const StoredSegment& segment, uint32_t granule, const ErasureRule& rule,
                           std::vector<uint64_t>& bits) {
  const uint32_t rows = segment.granules()[granule].rows;
  std::vector<bool> meant(rows, true);
  GranuleColumns columns(segment, granule);
  for (const ErasureRule::Text& text : rule.spared) {
    CLEW_ASSIGN(const ColumnData* data, columns.read(text.scope, ColumnType::string, text.column));
    for (uint32_t row = 0; data != nullptr && row < rows; ++row) {
      if (data->has(row) && data->string_at(row) == text.value) meant[row] = false;
    }
  }
  if (std::none_of(meant.begin(), meant.end(), [](bool one) { return one; })) return {};
  bits.resize((rows + 63) / 64);
  for (uint32_t row = 0; row < rows; ++row) {
    if (meant[row]) bits[row >> 6] |= uint64_t{1} << (row & 63);
  }
  return {};
}

}  // namespace

Erasure::Erasure(std::shared_ptr<const ErasureRules::List> list) : list_(std::move(list)) {
  for (const ErasureRule& rule : list_->rules) {
    Table& table = tables_[{rule.environment, rule.signal}];
    if (rule.texts.empty()) {
      if (!rule.below) table.of_all_rows.push_back(&rule);
      continue;
    }
    const ErasureRule::Text& first = rule.texts[0];
    std::vector<Column>& columns = table.columns;
    auto column = std::find_if(columns.begin(), columns.end(), [&](const Column& one) {
      return one.scope == first.scope && one.name == first.column;
    });
    if (column == columns.end()) column = columns.insert(column, {first.scope, first.column, {}});
    column->rules[first.value].push_back(&rule);
  }
}

Result<RowsToErase> Erasure::rows_of(const StoredSegment& segment, TableKey table, int32_t day,
                                     UnixNanos at) const {
  RowsToErase found;
  const auto known = tables_.find(table);
  if (known == tables_.end()) return found;
  const UnixNanos end_of_day{(int64_t{day} + 1) * days(1).count};
  // When a rule begins to hold for rows of the day.
  const auto begins = [&](const ErasureRule& rule) {
    return rule.older_than ? std::max(rule.since, end_of_day + *rule.older_than) : rule.since;
  };

  for (const ErasureRule* rule : known->second.of_all_rows) {
    if (begins(*rule) > at) {
      found.look_at = std::min(found.look_at.value_or(begins(*rule)), begins(*rule));
      continue;
    }
    found.granules.resize(segment.granules().size());
    for (uint32_t granule = 0; granule < segment.granules().size(); ++granule)
      CLEW_TRY(mark_all_but_spared(segment, granule, *rule, found.granules[granule]));
    found.since = std::min(found.since, begins(*rule));
  }
  for (const Column& wanted : known->second.columns) {
    const auto column = find_column(segment, wanted.scope, ColumnType::string, wanted.name);
    if (!column) continue;
    // Those rules of a text that hold by now.
    const auto rules_of = [&](std::string_view value) {
      std::vector<const ErasureRule*> rules;
      const auto of_text = wanted.rules.find(value);
      if (of_text == wanted.rules.end()) return rules;
      for (const ErasureRule* rule : of_text->second) {
        if (begins(*rule) <= at)
          rules.push_back(rule);
        else
          found.look_at = std::min(found.look_at.value_or(begins(*rule)), begins(*rule));
      }
      return rules;
    };
    RulesOfText of_dictionary;
    const auto dictionary = segment.dictionary(*column);
    if (dictionary) {
      for (const std::string_view value : *dictionary) {
        if (auto rules = rules_of(value); !rules.empty()) of_dictionary.emplace(value, std::move(rules));
      }
      if (of_dictionary.empty()) continue;
    }
    for (uint32_t granule = 0; granule < segment.granules().size(); ++granule) {
      if (!segment.zone_map(granule, *column)) continue;
      GranuleColumns columns(segment, granule);
      const auto may_be_meant = [&](const ErasureRule* rule) {
        return !rule->below || columns.may_be_below(*rule->below);
      };
      if (dictionary && std::none_of(of_dictionary.begin(), of_dictionary.end(), [&](const auto& one) {
            return std::any_of(one.second.begin(), one.second.end(), may_be_meant);
          }))
        continue;
      CLEW_ASSIGN(const ColumnData data, segment.read(granule, *column));
      RulesOfText of_plain;  // its keys live as long as `data`
      RulesOfText& of_value = dictionary ? of_dictionary : of_plain;
      std::vector<uint64_t> bits((data.rows + 63) / 64);
      for (uint32_t row = 0; row < data.rows; ++row) {
        if (!data.has(row)) continue;
        const std::string_view value = data.string_at(row);
        auto rules = of_value.find(value);
        if (rules == of_value.end()) {
          if (dictionary) continue;
          rules = of_value.emplace(value, rules_of(value)).first;
        }
        for (const ErasureRule* rule : rules->second) {
          CLEW_ASSIGN(const bool meant, columns.is_meant(*rule, row));
          if (!meant) continue;
          bits[row >> 6] |= uint64_t{1} << (row & 63);
          found.since = std::min(found.since, begins(*rule));
        }
      }
      if (std::all_of(bits.begin(), bits.end(), [](uint64_t word) { return word == 0; })) continue;
      found.granules.resize(segment.granules().size());
      std::vector<uint64_t>& so_far = found.granules[granule];
      so_far.resize(bits.size());
      for (size_t i = 0; i < bits.size(); ++i) so_far[i] |= bits[i];
    }
  }
  for (const auto& bits : found.granules) {
    for (const uint64_t word : bits) found.count += static_cast<uint64_t>(std::popcount(word));
  }
  return found;
}

}  // namespace clew::store
