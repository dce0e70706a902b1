#include "query/computed_column.h"

#include <array>
#include <optional>
#include <unordered_map>

namespace clew::query {
namespace {

using store::ColumnData;
using store::ColumnType;

// Texts by code while there are few different ones.
class TextColumn {
 public:
  static constexpr size_t kMostDifferent = 256;

  TextColumn(ColumnData& data, std::shared_ptr<const void> texts) : data_(data) {
    owned_->texts = std::move(texts);
    data.codes.resize(data.rows);
  }

  void set(uint32_t row, std::string_view text) {
    if (data_.strings.empty()) {
      if (const auto code = code_of(text)) {
        data_.codes[row] = *code;
        return;
      }
      data_.strings.resize(data_.rows);
      for (uint32_t i = 0; i < data_.rows; ++i) {
        if (data_.has(i)) data_.strings[i] = owned_->dictionary[data_.codes[i]];
      }
      data_.codes.clear();
    }
    data_.strings[row] = text;
  }

  void finish() {
    if (!data_.codes.empty()) data_.dictionary = owned_->dictionary;
    data_.owner = std::move(owned_);
  }

 private:
  struct Owned {
    std::shared_ptr<const void> texts;
    std::vector<std::string_view> dictionary;
  };

  std::optional<uint32_t> code_of(std::string_view text) {
    // Literals come by the same pointer again and again.
    if (!owned_->dictionary.empty()) {
      const std::string_view last = owned_->dictionary[last_];
      if (last.data() == text.data() && last.size() == text.size()) return last_;
    }
    const auto [place, is_new] = codes_.try_emplace(text, static_cast<uint32_t>(owned_->dictionary.size()));
    if (is_new) {
      if (owned_->dictionary.size() == kMostDifferent) return std::nullopt;
      owned_->dictionary.push_back(text);
    }
    last_ = place->second;
    return last_;
  }

  ColumnData& data_;
  std::shared_ptr<Owned> owned_ = std::make_shared<Owned>();
  std::unordered_map<std::string_view, uint32_t> codes_;
  uint32_t last_ = 0;
};

size_t place_of(Scalar::Kind kind) {
  switch (kind) {
    case Scalar::Kind::text:
      return 0;
    case Scalar::Kind::integer:
      return 1;
    case Scalar::Kind::real:
      return 2;
    case Scalar::Kind::boolean:
      return 3;
    default:
      return 4;
  }
}

}  // namespace

BoundColumn candidates_of(const ComputedColumn& column) {
  BoundColumn candidates;
  for (const ColumnType type : kComputedTypes) {
    candidates.push_back(
        {.column = 0, .type = type, .derivation = Derivation::calculated, .source = {}, .computed = &column});
  }
  return candidates;
}

std::vector<ColumnData> columns_of(std::span<const Scalar> values, std::shared_ptr<const void> owner) {
  const auto rows = static_cast<uint32_t>(values.size());
  std::array<size_t, std::size(kComputedTypes)> counts{};
  for (uint32_t row = 0; row < rows; ++row) {
    const Scalar& scalar = values[row];
    if (!scalar.is_null()) ++counts[place_of(scalar.kind)];
  }
  std::vector<ColumnData> columns;
  for (size_t type = 0; type < counts.size(); ++type) {
    if (counts[type] == 0) continue;
    ColumnData& data = columns.emplace_back();
    data.type = kComputedTypes[type];
    data.rows = rows;
    if (counts[type] != rows) data.present.resize((rows + 63) / 64);
    std::optional<TextColumn> texts;
    if (data.type == ColumnType::string) {
      texts.emplace(data, owner);
    } else if (data.type == ColumnType::float64) {
      data.floats.resize(rows);
    } else if (data.type == ColumnType::boolean) {
      data.booleans.resize(rows);
    } else {
      data.integers.resize(rows);
    }
    for (uint32_t row = 0; row < rows; ++row) {
      const Scalar& scalar = values[row];
      if (scalar.is_null() || place_of(scalar.kind) != type) continue;
      if (texts) {
        texts->set(row, scalar.view());
      } else if (data.type == ColumnType::float64) {
        data.floats[row] = scalar.real;
      } else if (data.type == ColumnType::boolean) {
        data.booleans[row] = scalar.boolean ? 1 : 0;
      } else {
        data.integers[row] = scalar.integer;
      }
      if (!data.present.empty()) data.present[row >> 6] |= uint64_t{1} << (row & 63);
    }
    if (texts) texts->finish();
  }
  return columns;
}

}  // namespace clew::query
