// EntrySplitter: cuts the bytes of a log file into entries: lines, or what stands from one pattern to the
// next.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace clew::pipeline {

struct SplitSettings {
  std::string line_start_pattern;  // at most one of the two; none: an entry is a line
  std::string line_end_pattern;
  bool omit_pattern = false;
  bool keep_leading_space = false;
  bool keep_trailing_space = false;
  size_t max_entry_bytes = size_t{1} << 20;  // what is longer comes in several entries
};

struct Piece {
  std::string_view text;
  size_t consumed = 0;  // 0: there is no whole entry yet
  bool was_cut = false;
};

class EntrySplitter {
 public:
  static Result<EntrySplitter> create(const SplitSettings& settings);
  EntrySplitter(EntrySplitter&&) noexcept;
  ~EntrySplitter();

  // The first entry of `bytes`. With `is_all` nothing more will come: the rest is an entry.
  Piece next(std::string_view bytes, bool is_all) const;

 private:
  explicit EntrySplitter(const SplitSettings& settings);
  Piece untrimmed(std::string_view bytes) const;

  SplitSettings settings_;
  std::unique_ptr<re2::RE2> start_, end_;
};

}  // namespace clew::pipeline
