// LinePatterns: log lines that differ only in what varies (numbers, ids, addresses, names) folded into one
// pattern with a count: "user <*> paid <number> in <duration>".
//
// A line is taken apart into words; words that are variable by their look become placeholders at once, and
// what is then equal is one shape. fold() joins shapes that differ in one place many times, or in few places.
// The result does not depend on the order in which lines came.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace clew::query {

struct LinePattern {
  std::string text;  // "GET /cart/<number> took <*>"
  uint64_t lines = 0;
  std::string regular_expression;  // RE2; every line of the pattern contains a match
};

class LinePatterns {
 public:
  // Words beyond this many in a line, and shapes beyond this many in all, are not told apart.
  static constexpr size_t kMostWords = 192;
  static constexpr size_t kMostShapes = 4'000;
  static constexpr size_t kMostBytes = 4'096;  // of a line

  // The number of the line's shape, for Folded::pattern_of_shape.
  size_t add(std::string_view line);

  struct Folded {
    std::vector<LinePattern> patterns;       // the commonest first
    std::vector<uint32_t> pattern_of_shape;  // by what add() returned
  };
  Folded fold() const;

 private:
  struct Shape {
    std::vector<std::string> words;
    uint64_t lines = 0;
  };
  std::vector<Shape> shapes_;
  std::unordered_map<std::string, size_t> by_key_;
};

}  // namespace clew::query
