// The kinds of spans by number: OTLP's numbering, and that of outlines.
#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

namespace clew::api {

inline constexpr std::string_view kSpanKinds[] = {"unspecified", "internal", "server",
                                                  "client",      "producer", "consumer"};

inline unsigned number_of_kind(std::string_view kind) {
  const auto* found = std::find(std::begin(kSpanKinds), std::end(kSpanKinds), kind);
  return found == std::end(kSpanKinds) ? 0 : static_cast<unsigned>(found - std::begin(kSpanKinds));
}

}  // namespace clew::api
