// SourceMap: where each place of a minified script comes from ("Source Map Revision 3", plain or in
// sections).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"

namespace clew::control::errors {

class SourceMap {
 public:
  // Lines and columns are counted from 1, as stacks count them. Views live as long as the map.
  struct Place {
    std::string_view file;
    int64_t line = 0;
    int64_t column = 0;
    std::string_view name;    // of what stands there, as it was called before; may be empty
    std::string_view source;  // the whole file; empty: the map has it not
  };

  // bad_input says what is wrong with it; too_large when it has more than kMostSegments places.
  static Result<SourceMap> parse(std::string_view text);
  static Result<SourceMap> from_json(const JsonValue& json);

  // What the place at or before this one, in the same line, comes from.
  std::optional<Place> find(int64_t line, int64_t column) const;
  size_t bytes() const { return bytes_; }  // of memory, about

  static constexpr size_t kMostSegments = 4'000'000;

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Segment {
    uint32_t column = 0;       // in the minified script, from 0
    uint32_t source = kNone;   // the others are none with it
    uint32_t line = 0;         // from 0
    uint32_t from_column = 0;  // from 0
    uint32_t name = kNone;
  };
  struct Offset {
    uint32_t line = 0;
    uint32_t column = 0;
  };

  Status add(const JsonValue& json, Offset offset);
  Status add_mappings(std::string_view mappings, Offset offset, uint32_t sources, uint32_t names);
  Status add_segment(const int64_t (&values)[5], size_t count, uint32_t column, uint32_t sources,
                     uint32_t names);
  void begin_line(size_t line);
  void finish();

  std::vector<Segment> segments_;
  std::vector<size_t> lines_;  // where the segments of each line begin
  std::vector<std::string> files_, contents_, names_;
  size_t bytes_ = 0;
};

// The path of a source as people know it: without the bundler's scheme and the way up to it.
std::string readable_source(std::string_view source);

}  // namespace clew::control::errors
