// Syntax: a statement or condition of OTTL as a tree, before it is known what its names mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/ottl/value.h"

namespace clew::pipeline::ottl {

struct Syntax {
  enum class Kind : uint8_t {
    literal,
    path,        // words; keys
    constant,    // SPAN_KIND_SERVER, or the name of a function without arguments: text
    call,        // text, children, names; keys
    list,        // children
    map,         // names, children
    negative,    // one child
    arithmetic,  // text is the operator; two children
    comparison,  // how; two children
    all_of,
    any_of,
    negation,
    given,  // a value that a function hands to another; nobody writes it
  };

  Kind kind = Kind::literal;
  size_t column = 0;
  Value literal{};
  std::string text{};
  Comparison how = Comparison::equal;
  std::vector<std::string> words{};
  std::vector<Syntax> children{};
  std::vector<std::string> names{};  // of arguments ("" without a name), of the entries of a map
  std::vector<Syntax> keys{};        // ["a"][0] behind a path or call
};

struct StatementSyntax {
  Syntax call;
  std::optional<Syntax> where;
};

// set(attributes["a"], 1) where attributes["a"] == nil. bad_input: "column 12: …".
Result<StatementSyntax> parse_statement(std::string_view text);
Result<Syntax> parse_condition(std::string_view text);

}  // namespace clew::pipeline::ottl
