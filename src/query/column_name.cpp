#include "query/column_name.h"

#include <array>

namespace clew::query {
namespace {

constexpr std::array<std::string_view, 8> kPrefixes = {"",     "root.", "parent.", "child.",
                                                       "any.", "any2.", "any3.",   "none."};

}  // namespace

std::string_view prefix_of(Relation relation) {
  return kPrefixes[static_cast<size_t>(relation)];
}

ColumnName column_with_relation(std::string_view text) {
  for (size_t i = 1; i < kPrefixes.size(); ++i) {
    if (text.starts_with(kPrefixes[i]) && text.size() > kPrefixes[i].size())
      return {std::string(text.substr(kPrefixes[i].size())), {}, static_cast<Relation>(i)};
  }
  return {std::string(text), {}};
}

std::string full_name(const ColumnName& column) {
  return std::string(prefix_of(column.relation)) + column.name;
}

}  // namespace clew::query
