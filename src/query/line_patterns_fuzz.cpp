// Any lines: each is counted once, and belongs to a pattern.
#include "base/fuzz.h"
#include "base/log.h"
#include "query/line_patterns.h"

CLEW_FUZZ(line_patterns) {
  clew::query::LinePatterns patterns;
  uint64_t added = 0;
  for (std::string_view rest = bytes; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    patterns.add(rest.substr(0, end));
    ++added;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const auto folded = patterns.fold();
  uint64_t lines = 0;
  for (const auto& pattern : folded.patterns) lines += pattern.lines;
  if (lines != added) clew::bug("lines were lost in folding");
  for (const uint32_t pattern : folded.pattern_of_shape)
    if (pattern >= folded.patterns.size()) clew::bug("a shape without a pattern");
}
