#include "query/filter.h"

#include <algorithm>

#include "query/substring_search.h"
#include "telemetry/ids.h"

namespace clew::query {
namespace {

using store::ColumnData;
using store::ColumnType;
using Kind = Filter::Kind;

// What a comparison costs on many rows, roughly: cheap ones go first and spare the others work.
int cost_of(const FilterNode& node, const std::vector<FilterLeaf>& leaves) {
  if (node.kind != Kind::comparison) return 4;
  switch (leaves[node.leaf].literals.op()) {
    case Operator::contains:
    case Operator::starts_with:
    case Operator::ends_with:
      return 2;
    case Operator::matches:
      return 3;
    case Operator::exists:
      return 1;
    default:
      return 0;
  }
}

Result<FilterNode> compile_node(const Filter& filter, NameList& names, std::vector<FilterLeaf>& leaves) {
  FilterNode node{.kind = filter.kind, .children = {}};
  if (filter.kind == Kind::comparison) {
    const OperatorInfo& info = info_of(filter.op);
    CLEW_ASSIGN(Literals literals, Literals::prepare(info.opposite_of.value_or(filter.op), filter.values));
    node.leaf = leaves.size();
    leaves.push_back({names.add(filter.column), info.opposite_of.has_value(), std::move(literals)});
    return node;
  }
  for (const Filter& child : filter.children) {
    CLEW_ASSIGN(FilterNode compiled, compile_node(child, names, leaves));
    node.children.push_back(std::move(compiled));
  }
  std::stable_sort(node.children.begin(), node.children.end(), [&](const FilterNode& a, const FilterNode& b) {
    return cost_of(a, leaves) < cost_of(b, leaves);
  });
  return node;
}

bool is_equality(const Literals& literals) {
  return literals.op() == Operator::equal || literals.op() == Operator::in;
}

template <typename Range, typename Number>
bool any_overlaps(const std::vector<Range>& ranges, Number low, Number high) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return range.low <= high && low <= range.high; });
}

template <typename Range, typename Number>
void keep_in_ranges(const std::vector<Range>& ranges, const Number* values, Selection& selection) {
  if (ranges.size() == 1) {
    Range range = ranges[0];
    keep_rows(selection,
              [=](uint32_t row) { return (values[row] >= range.low) & (values[row] <= range.high); });
    return;
  }
  keep_rows(selection, [&](uint32_t row) {
    return std::any_of(ranges.begin(), ranges.end(), [value = values[row]](const Range& range) {
      return value >= range.low && value <= range.high;
    });
  });
}

// Decides every string of a list; 1 for those that match.
std::vector<uint8_t> decide(const Literals& literals, ColumnType type,
                            std::span<const std::string_view> strings) {
  std::vector<uint8_t> matches(strings.size());
  bool is_text = type != ColumnType::trace_id && type != ColumnType::span_id;
  if (std::string_view part = literals.substring(); is_text && !part.empty()) {
    find_substring(strings, part, matches);
    return matches;
  }
  if (const auto& wanted = literals.wanted(type); is_equality(literals) && wanted.size() == 1) {
    std::string_view text = wanted[0];
    for (size_t i = 0; i < strings.size(); ++i) matches[i] = strings[i] == text;
    return matches;
  }
  for (size_t i = 0; i < strings.size(); ++i) matches[i] = literals.matches(strings[i], type);
  return matches;
}

}  // namespace

Result<CompiledFilter> compile(const Filter& filter, NameList& names) {
  CompiledFilter compiled;
  CLEW_ASSIGN(compiled.root, compile_node(filter, names, compiled.leaves));
  return compiled;
}

SegmentFilter::SegmentFilter(const CompiledFilter& filter, const store::Segment& segment,
                             const std::vector<BoundColumn>& columns)
    : filter_(filter), segment_(segment), columns_(columns) {
  for (const FilterLeaf& leaf : filter.leaves) {
    first_state_.push_back(states_.size());
    for (const Candidate& candidate : columns[leaf.name]) {
      CandidateState& state = states_.emplace_back();
      bool is_trace_id = candidate.derivation == Derivation::stored &&
                         segment.columns()[candidate.column].type == ColumnType::trace_id &&
                         segment.columns()[candidate.column].name == "trace.trace_id";
      if (!is_trace_id || !is_equality(leaf.literals)) continue;
      state.knows_trace_granules = true;
      state.trace_granules.resize((segment.granules().size() + 63) / 64);
      for (const std::string& text : leaf.literals.wanted(ColumnType::trace_id)) {
        for (uint32_t granule : segment.granules_of_trace(*TraceId::from_bytes(text)))
          state.trace_granules[granule / 64] |= uint64_t{1} << (granule % 64);
      }
    }
  }
}

bool SegmentFilter::may_match(uint32_t granule, Effort effort) const {
  return may_match(filter_.root, granule, effort);
}

bool SegmentFilter::may_match(const FilterNode& node, uint32_t granule, Effort effort) const {
  auto child_may = [&](const FilterNode& child) { return may_match(child, granule, effort); };
  switch (node.kind) {
    case Kind::comparison:
      return may_match(filter_.leaves[node.leaf], node.leaf, granule, effort);
    case Kind::all:
      return std::all_of(node.children.begin(), node.children.end(), child_may);
    case Kind::any:
      return std::any_of(node.children.begin(), node.children.end(), child_may);
    case Kind::none:
      return true;
  }
  return true;
}

bool SegmentFilter::may_match(const FilterLeaf& leaf, size_t leaf_number, uint32_t granule,
                              Effort effort) const {
  if (leaf.negated) return true;
  const BoundColumn& column = columns_[leaf.name];
  for (size_t i = 0; i < column.size(); ++i) {
    if (candidate_may_match(leaf, column[i], state_of(leaf_number, i), granule, effort)) return true;
  }
  return false;
}

bool SegmentFilter::candidate_may_match(const FilterLeaf& leaf, const Candidate& candidate,
                                        CandidateState& state, uint32_t granule, Effort effort) const {
  if (candidate.derivation == Derivation::calculated) return true;
  std::optional<store::ZoneMap> zone = segment_.zone_map(granule, candidate.column);
  if (!zone) return false;
  const Literals& literals = leaf.literals;
  if (literals.op() == Operator::exists) return true;
  if (candidate.derivation == Derivation::milliseconds) {
    if (!zone->integer_min || !zone->integer_max) return true;
    return any_overlaps(literals.real_ranges(), static_cast<double>(*zone->integer_min) * 1e-6,
                        static_cast<double>(*zone->integer_max) * 1e-6);
  }
  if (candidate.derivation != Derivation::stored) return true;
  if (candidate.type == ColumnType::float64) {
    if (literals.real_ranges().empty()) return false;
    return !zone->float_min || !zone->float_max ||
           any_overlaps(literals.real_ranges(), *zone->float_min, *zone->float_max);
  }
  if (candidate.type == ColumnType::boolean) return literals.matches(true) || literals.matches(false);
  if (!is_stringlike(candidate.type)) {
    const std::vector<IntegerRange>& ranges = literals.integer_ranges(candidate.type);
    if (ranges.empty()) return false;
    return !zone->integer_min || !zone->integer_max ||
           any_overlaps(ranges, *zone->integer_min, *zone->integer_max);
  }
  if (is_equality(literals) && literals.wanted(candidate.type).empty()) return false;
  if (state.knows_trace_granules && (state.trace_granules[granule / 64] >> (granule % 64) & 1) == 0)
    return false;
  if (effort == Effort::zone_maps) return true;
  const DictionaryMatch* dictionary = dictionary_match(leaf, candidate, state);
  return dictionary == nullptr || dictionary->match_count > 0;
}

const SegmentFilter::DictionaryMatch* SegmentFilter::dictionary_match(const FilterLeaf& leaf,
                                                                      const Candidate& candidate,
                                                                      CandidateState& state) const {
  if (candidate.derivation != Derivation::stored || leaf.literals.op() == Operator::exists) return nullptr;
  DictionaryMatch& match = state.dictionary;
  std::call_once(match.once, [&] {
    auto dictionary = segment_.dictionary(candidate.column);
    if (!dictionary) return;
    match.dictionary = *dictionary;
    if (const auto& wanted = leaf.literals.wanted(candidate.type);
        is_equality(leaf.literals) && wanted.size() == 1 &&
        segment_.has_sorted_dictionary(candidate.column)) {
      const auto place =
          std::lower_bound(dictionary->begin(), dictionary->end(), std::string_view(wanted[0]));
      match.match_count = place != dictionary->end() && *place == wanted[0] ? 1 : 0;
      match.only_code = static_cast<uint32_t>(place - dictionary->begin());
      return;
    }
    match.matches = decide(leaf.literals, candidate.type, *dictionary);
    match.match_count = static_cast<size_t>(std::count(match.matches.begin(), match.matches.end(), 1));
    auto first = std::find(match.matches.begin(), match.matches.end(), 1);
    match.only_code = static_cast<uint32_t>(first - match.matches.begin());
  });
  return match.dictionary.data() == nullptr ? nullptr : &match;
}

Status SegmentFilter::narrow(GranuleReader& reader, Selection& selection) const {
  return narrow(filter_.root, reader, selection);
}

Status SegmentFilter::narrow(const FilterNode& node, GranuleReader& reader, Selection& selection) const {
  switch (node.kind) {
    case Kind::comparison: {
      if (!filter_.leaves[node.leaf].negated) return narrow_positive(node.leaf, reader, selection);
      Selection matching = selection;
      CLEW_TRY(narrow_positive(node.leaf, reader, matching));
      selection.subtract(matching);
      return {};
    }
    case Kind::all:
      for (const FilterNode& child : node.children) {
        if (selection.empty()) return {};
        CLEW_TRY(narrow(child, reader, selection));
      }
      return {};
    case Kind::any:
      return narrow_any(node, reader, selection);
    case Kind::none: {
      Selection matching = selection;
      CLEW_TRY(narrow_any(node, reader, matching));
      selection.subtract(matching);
      return {};
    }
  }
  return {};
}

Status SegmentFilter::narrow_any(const FilterNode& node, GranuleReader& reader, Selection& selection) const {
  Selection matching = Selection::none(selection.rows());
  for (const FilterNode& child : node.children) {
    Selection undecided = selection;
    undecided.subtract(matching);
    if (undecided.empty()) break;
    CLEW_TRY(narrow(child, reader, undecided));
    matching.unite(undecided);
  }
  selection = std::move(matching);
  return {};
}

Status SegmentFilter::narrow_positive(size_t leaf_number, GranuleReader& reader, Selection& selection) const {
  const FilterLeaf& leaf = filter_.leaves[leaf_number];
  if (!may_match(leaf, leaf_number, reader.granule(), Effort::dictionaries)) {
    selection = Selection::none(selection.rows());
    // A negated comparison asks for this too: then nothing is subtracted.
    return {};
  }
  const BoundColumn& column = columns_[leaf.name];
  CLEW_ASSIGN(const bool decided, narrow_by_code(leaf_number, reader, selection));
  if (decided) return {};
  CLEW_ASSIGN(ResolvedColumn pieces, reader.resolve(column));
  Selection matching = Selection::none(selection.rows());
  for (const Piece& piece : pieces) {
    Selection part = selection;
    part.intersect(piece.mask());
    narrow_piece(leaf, state_of(leaf_number, static_cast<size_t>(piece.candidate - column.data())), piece,
                 part);
    matching.unite(part);
  }
  selection = std::move(matching);
  return {};
}

// When all values come from one column, and one entry of its dictionary is wanted, the column itself need not
// be decoded.
Result<bool> SegmentFilter::narrow_by_code(size_t leaf_number, GranuleReader& reader,
                                           Selection& selection) const {
  const BoundColumn& column = columns_[filter_.leaves[leaf_number].name];
  const auto may_have = [&](const Candidate& candidate) { return reader.may_have(candidate); };
  const auto source = std::find_if(column.begin(), column.end(), may_have);
  if (source == column.end() || std::find_if(source + 1, column.end(), may_have) != column.end())
    return false;
  const DictionaryMatch* match =
      dictionary_match(filter_.leaves[leaf_number], *source,
                       state_of(leaf_number, static_cast<size_t>(source - column.begin())));
  if (match == nullptr || match->match_count != 1) return false;
  CLEW_ASSIGN(const auto rows, reader.rows_with_code(source->column, match->only_code));
  if (!rows) return false;
  selection.intersect(std::span(*rows));
  return true;
}

void SegmentFilter::narrow_piece(const FilterLeaf& leaf, CandidateState& state, const Piece& piece,
                                 Selection& selection) const {
  const Literals& literals = leaf.literals;
  const ColumnData& data = *piece.data;
  if (literals.op() == Operator::exists) return;
  switch (data.type) {
    case ColumnType::int64:
    case ColumnType::time:
    case ColumnType::duration:
      return keep_in_ranges(literals.integer_ranges(data.type), data.integers.data(), selection);
    case ColumnType::float64:
      return keep_in_ranges(literals.real_ranges(), data.floats.data(), selection);
    case ColumnType::boolean:
      return keep_rows(selection, [&](uint32_t row) { return literals.matches(data.booleans[row] != 0); });
    default:
      return narrow_strings(leaf, state, piece, selection);
  }
}

void SegmentFilter::narrow_strings(const FilterLeaf& leaf, CandidateState& state, const Piece& piece,
                                   Selection& selection) const {
  const ColumnData& data = *piece.data;
  const Literals& literals = leaf.literals;
  if (!data.is_dictionary()) {
    bool is_text = data.type != ColumnType::trace_id && data.type != ColumnType::span_id;
    // Searching all rows as one text beats searching the selected ones, unless these are few.
    if (is_text && !literals.substring().empty() && selection.count() > selection.rows() / 8) {
      std::vector<uint8_t> found(data.strings.size());
      find_substring(data.strings, literals.substring(), found);
      return keep_rows(selection, [&](uint32_t row) { return found[row] != 0; });
    }
    return keep_rows(selection, [&](uint32_t row) { return literals.matches(data.strings[row], data.type); });
  }
  const uint32_t* codes = data.codes.data();
  const DictionaryMatch* decided = dictionary_match(leaf, *piece.candidate, state);
  if (decided != nullptr && data.dictionary.data() == decided->dictionary.data()) {
    if (decided->match_count == 0) {
      selection = Selection::none(selection.rows());
      return;
    }
    if (decided->match_count == 1) {
      uint32_t wanted = decided->only_code;
      return keep_rows(selection, [=](uint32_t row) { return codes[row] == wanted; });
    }
    const uint8_t* matches = decided->matches.data();
    return keep_rows(selection, [=](uint32_t row) { return matches[codes[row]] != 0; });
  }
  if (data.dictionary.size() > selection.count())
    return keep_rows(selection,
                     [&](uint32_t row) { return literals.matches(data.dictionary[codes[row]], data.type); });
  std::vector<uint8_t> matches = decide(literals, data.type, data.dictionary);
  keep_rows(selection, [&](uint32_t row) { return matches[codes[row]] != 0; });
}

}  // namespace clew::query
