// Filters, compiled: what a tree of conditions needs to be decided on many rows at once.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "query/column_binding.h"
#include "query/granule_reader.h"
#include "query/literals.h"
#include "query/plan.h"
#include "query/selection.h"
#include "store/segment.h"

namespace clew::query {

// One comparison, for any segment.
struct FilterLeaf {
  size_t name = 0;  // in the NameList
  bool negated = false;
  Literals literals;
};

struct FilterNode {
  Filter::Kind kind = Filter::Kind::all;
  std::vector<FilterNode> children;
  size_t leaf = 0;  // comparison
};

struct CompiledFilter {
  FilterNode root;
  std::vector<FilterLeaf> leaves;

  bool matches_everything() const { return root.kind == Filter::Kind::all && root.children.empty(); }
};

Result<CompiledFilter> compile(const Filter& filter, NameList& names);

// A compiled filter bound to one segment. What it learns of the segment's dictionaries serves all granules.
// Any thread.
class SegmentFilter {
 public:
  // All three must outlive this.
  SegmentFilter(const CompiledFilter& filter, const store::Segment& segment,
                const std::vector<BoundColumn>& columns);

  enum class Effort : uint8_t {
    zone_maps,     // look at what is known without work
    dictionaries,  // decide comparisons on the segment's dictionaries too
  };
  // False: no row of the granule matches.
  bool may_match(uint32_t granule, Effort effort) const;
  // Drops the rows that do not match.
  Status narrow(GranuleReader& reader, Selection& selection) const;

 private:
  // Which entries of a segment's dictionary match.
  struct DictionaryMatch {
    std::once_flag once;
    std::span<const std::string_view> dictionary;
    std::vector<uint8_t> matches;
    size_t match_count = 0;
    uint32_t only_code = 0;  // when match_count is 1
  };
  struct CandidateState {
    DictionaryMatch dictionary;
    std::vector<uint64_t> trace_granules;  // bits; of an equality on a trace id
    bool knows_trace_granules = false;
  };

  bool may_match(const FilterNode& node, uint32_t granule, Effort effort) const;
  bool may_match(const FilterLeaf& leaf, size_t leaf_number, uint32_t granule, Effort effort) const;
  bool candidate_may_match(const FilterLeaf& leaf, const Candidate& candidate, CandidateState& state,
                           uint32_t granule, Effort effort) const;
  Status narrow(const FilterNode& node, GranuleReader& reader, Selection& selection) const;
  Status narrow_any(const FilterNode& node, GranuleReader& reader, Selection& selection) const;
  Status narrow_positive(size_t leaf_number, GranuleReader& reader, Selection& selection) const;
  // Whether it could be done.
  Result<bool> narrow_by_code(size_t leaf_number, GranuleReader& reader, Selection& selection) const;
  void narrow_piece(const FilterLeaf& leaf, CandidateState& state, const Piece& piece,
                    Selection& selection) const;
  void narrow_strings(const FilterLeaf& leaf, CandidateState& state, const Piece& piece,
                      Selection& selection) const;
  const DictionaryMatch* dictionary_match(const FilterLeaf& leaf, const Candidate& candidate,
                                          CandidateState& state) const;
  CandidateState& state_of(size_t leaf_number, size_t candidate) const {
    return states_[first_state_[leaf_number] + candidate];
  }

  const CompiledFilter& filter_;
  const store::Segment& segment_;
  const std::vector<BoundColumn>& columns_;
  std::vector<size_t> first_state_;  // of each leaf
  mutable std::deque<CandidateState> states_;
};

}  // namespace clew::query
