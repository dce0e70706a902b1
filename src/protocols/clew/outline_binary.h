// The outline of a trace as columns of machine numbers, which a page draws from without reading them one by
// one. docs/api/outline.md describes the bytes.
#pragma once

#include <string>

#include "query/trace.h"

namespace clew::api {

inline constexpr std::string_view kOutlineMediaType = "application/vnd.clew.outline";

// Of a trace fetched with Fields::outline or more.
std::string outline_binary_of(const query::Trace& trace);

}  // namespace clew::api
