// TraceOrigins: the attributes of the resource and the instrumentation scope that the rows of a trace came
// with, each set of them once. A set is another one with one attribute more, so that it is built column by
// column.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "query/trace.h"

namespace clew::query {

class TraceOrigins {
 public:
  // The number of `rest` with this attribute besides; number 0 has none.
  uint32_t with(uint32_t rest, const Attribute& attribute);
  // By number.
  AttributeLists lists() const;

 private:
  struct Origin {
    uint32_t rest = 0;
    uint32_t attribute = 0;
  };
  uint32_t number_of(const Attribute& attribute);

  std::vector<Attribute> attributes_;
  std::map<std::tuple<store::Scope, store::ColumnType, std::string_view, AttributeValue>, uint32_t>
      attribute_numbers_;
  std::vector<Origin> origins_{1};
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> numbers_;
};

}  // namespace clew::query
