#include "query/trace_origins.h"

#include <algorithm>
#include <bit>

namespace clew::query {

uint32_t TraceOrigins::number_of(const Attribute& attribute) {
  AttributeValue key = attribute.value;
  // By its bits, as NaN has no place in an order.
  if (const auto* real = std::get_if<double>(&key)) key = std::bit_cast<int64_t>(*real);
  auto [at, is_new] =
      attribute_numbers_.emplace(std::tuple(attribute.scope, attribute.type, attribute.name, key),
                                 static_cast<uint32_t>(attributes_.size()));
  if (is_new) attributes_.push_back(attribute);
  return at->second;
}

uint32_t TraceOrigins::with(uint32_t rest, const Attribute& attribute) {
  const uint32_t number = number_of(attribute);
  auto [at, is_new] = numbers_.emplace(std::pair(rest, number), static_cast<uint32_t>(origins_.size()));
  if (is_new) origins_.push_back({rest, number});
  return at->second;
}

AttributeLists TraceOrigins::lists() const {
  AttributeLists lists;
  for (uint32_t number = 0; number < origins_.size(); ++number) {
    auto begin = static_cast<ptrdiff_t>(lists.all.size());
    for (uint32_t at = number; at != 0; at = origins_[at].rest)
      lists.all.push_back(attributes_[origins_[at].attribute]);
    std::reverse(lists.all.begin() + begin, lists.all.end());
    lists.ends.push_back(static_cast<uint32_t>(lists.all.size()));
  }
  return lists;
}

}  // namespace clew::query
