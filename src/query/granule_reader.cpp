#include "query/granule_reader.h"

#include <algorithm>

#include "base/base64.h"
#include "base/hex.h"
#include "query/computed_column.h"

namespace clew::query {
namespace {

using store::ColumnData;
using store::ColumnType;

std::vector<uint64_t> words_of(const ColumnData& data) {
  if (!data.present.empty()) return data.present;
  return std::vector<uint64_t>((data.rows + 63) / 64, ~uint64_t{0});
}

ColumnData milliseconds_of(const ColumnData& duration) {
  ColumnData data;
  data.type = ColumnType::float64;
  data.rows = duration.rows;
  data.present = duration.present;
  data.floats.resize(duration.integers.size());
  for (size_t i = 0; i < data.floats.size(); ++i)
    data.floats[i] = static_cast<double>(duration.integers[i]) * 1e-6;
  return data;
}

// true in the rows whose text is the name of an instrumentation library, nothing in the others.
ColumnData libraries_in(const ColumnData& scopes) {
  ColumnData data;
  data.type = ColumnType::boolean;
  data.rows = scopes.rows;
  data.present.resize((scopes.rows + 63) / 64);
  data.booleans.assign(scopes.rows, 1);
  std::vector<bool> known;
  for (const std::string_view scope : scopes.dictionary) known.push_back(is_instrumentation_library(scope));
  for (uint32_t row = 0; row < scopes.rows; ++row) {
    if (!scopes.has(row)) continue;
    const bool is_library =
        scopes.is_dictionary() ? known[scopes.codes[row]] : is_instrumentation_library(scopes.strings[row]);
    if (is_library) data.present[row >> 6] |= uint64_t{1} << (row & 63);
  }
  return data;
}

ColumnData constant_text(std::string_view text, uint32_t rows) {
  auto view = std::make_shared<const std::string_view>(text);
  ColumnData data;
  data.type = ColumnType::string;
  data.rows = rows;
  data.codes.resize(rows);
  data.dictionary = std::span(view.get(), 1);
  data.owner = std::move(view);
  return data;
}

}  // namespace

Result<const ColumnData*> GranuleReader::read(uint32_t column) {
  return read_candidate({.column = column, .source = {}});
}

const ColumnData* GranuleReader::held(uint32_t column, Derivation derivation) const {
  for (const Held& held : held_) {
    if (held.column == column && held.derivation == derivation) return held.data.get();
  }
  return nullptr;
}

Result<ColumnData> GranuleReader::fetch(uint32_t column) {
  if (whole_ != nullptr) {
    if (const ColumnData* all = whole_->held(column, Derivation::stored)) return pick_rows(*all, picked_);
  }
  bytes_read_ += segment_.stored_bytes(granule_, column);
  return whole_ == nullptr ? segment_.read(granule_, column) : segment_.read_rows(granule_, column, picked_);
}

Result<const ColumnData*> GranuleReader::read_calculated(const Candidate& candidate) {
  const auto is_field = [&](const Computed& computed) { return computed.column == candidate.computed; };
  auto known = std::find_if(computed_.begin(), computed_.end(), is_field);
  if (known == computed_.end()) {
    CLEW_ASSIGN(std::vector<ColumnData> columns, candidate.computed->compute(*this));
    computed_.push_back({candidate.computed, std::move(columns)});
    known = computed_.end() - 1;
  }
  for (const ColumnData& data : known->by_type) {
    if (data.type == candidate.type) return &data;
  }
  return static_cast<const ColumnData*>(nullptr);
}

Result<const ColumnData*> GranuleReader::read_candidate(const Candidate& candidate) {
  if (candidate.derivation == Derivation::calculated) return read_calculated(candidate);
  if (const ColumnData* known = held(candidate.column, candidate.derivation)) return known;
  std::unique_ptr<ColumnData> data;
  if (candidate.derivation == Derivation::stored) {
    CLEW_ASSIGN(ColumnData read, fetch(candidate.column));
    if (read.rows != rows_)
      return Status(ErrorKind::corrupt, "a column has another number of rows than its granule");
    data = std::make_unique<ColumnData>(std::move(read));
  } else {
    CLEW_ASSIGN(ColumnData derived, derive(candidate));
    data = std::make_unique<ColumnData>(std::move(derived));
  }
  held_.push_back({candidate.column, candidate.derivation, std::move(data)});
  return held_.back().data.get();
}

Result<ColumnData> GranuleReader::derive(const Candidate& candidate) {
  if (candidate.derivation == Derivation::signal_name)
    return constant_text(signal_name_in_rows(signal_of(segment_, signal_)), rows_);
  if (candidate.derivation == Derivation::missing) return derive_missing(candidate);
  CLEW_ASSIGN(const ColumnData* source, read(candidate.column));
  if (candidate.derivation == Derivation::log_of_span) {
    ColumnData data = constant_text("span_event", rows_);
    data.present = source->present;
    return data;
  }
  if (candidate.derivation == Derivation::zero) {
    ColumnData data;
    data.type = ColumnType::int64;
    data.rows = rows_;
    data.present = source->present;
    data.integers.resize(rows_);
    return data;
  }
  if (candidate.derivation == Derivation::library) return libraries_in(*source);
  return milliseconds_of(*source);
}

Result<ColumnData> GranuleReader::derive_missing(const Candidate& candidate) {
  CLEW_ASSIGN(const ColumnData* spans, read(candidate.column));
  ColumnData data;
  data.type = ColumnType::boolean;
  data.rows = rows_;
  data.present = spans->present;
  data.booleans.assign(rows_, 1);
  if (candidate.source && segment_.zone_map(granule_, *candidate.source)) {
    CLEW_ASSIGN(const ColumnData* source, read(*candidate.source));
    for (uint32_t row = 0; row < rows_; ++row) data.booleans[row] = source->has(row) ? 0 : 1;
  }
  return data;
}

Result<std::optional<std::vector<uint64_t>>> GranuleReader::rows_with_code(uint32_t column, uint32_t code) {
  if (whole_ != nullptr || held(column, Derivation::stored) != nullptr)
    return std::optional<std::vector<uint64_t>>();
  CLEW_ASSIGN(auto rows, segment_.rows_with_code(granule_, column, code));
  if (rows) bytes_read_ += segment_.stored_bytes(granule_, column);
  return rows;
}

Result<ResolvedColumn> GranuleReader::resolve(const BoundColumn& column) {
  ResolvedColumn pieces;
  std::vector<uint64_t> taken;  // rows that have their value already; filled from the second piece on
  for (const Candidate& candidate : column) {
    if (!may_have(candidate)) continue;
    if (!pieces.empty() && pieces.back().mask().empty()) break;  // every row has its value
    CLEW_ASSIGN(const ColumnData* data, read_candidate(candidate));
    if (data == nullptr) continue;
    Piece piece{.data = data, .candidate = &candidate, .mask_storage = {}};
    if (!pieces.empty()) {
      if (pieces.size() == 1) taken = words_of(*pieces[0].data);
      piece.own_mask = true;
      piece.mask_storage = words_of(*data);
      for (size_t i = 0; i < taken.size(); ++i) {
        uint64_t words = piece.mask_storage[i];
        piece.mask_storage[i] &= ~taken[i];
        taken[i] |= words;
      }
    }
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

Value value_at(const ColumnData& data, uint32_t row) {
  switch (data.type) {
    case ColumnType::int64:
    case ColumnType::duration:
      return data.integers[row];
    case ColumnType::time:
      return UnixNanos{data.integers[row]};
    case ColumnType::float64:
      return number_value(data.floats[row]);
    case ColumnType::boolean:
      return data.booleans[row] != 0;
    case ColumnType::trace_id:
    case ColumnType::span_id:
      return hex_of(data.string_at(row));
    case ColumnType::bytes:
      return base64_encode(data.string_at(row));
    case ColumnType::string:
    case ColumnType::json:
      return std::string(data.string_at(row));
  }
  return {};
}

}  // namespace clew::query
