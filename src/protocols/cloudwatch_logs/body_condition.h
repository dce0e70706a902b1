// For tests: a condition on stored rows, decided on a message alone.
#pragma once

#include <algorithm>
#include <string>

#include <re2/re2.h>

#include "query/plan.h"
#include "telemetry/semantic_names.h"

namespace clew::cloudwatch_logs::testing {

// Conditions on other columns than the body hold.
inline bool lets_through(const query::Filter& filter, const std::string& message) {
  const auto child = [&](const query::Filter& one) { return lets_through(one, message); };
  const auto begin = filter.children.begin(), end = filter.children.end();
  switch (filter.kind) {
    case query::Filter::Kind::all:
      return std::all_of(begin, end, child);
    case query::Filter::Kind::any:
      return std::any_of(begin, end, child);
    case query::Filter::Kind::none:
      return std::none_of(begin, end, child);
    case query::Filter::Kind::comparison:
      break;
  }
  if (filter.column.name != names::kBody) return true;
  const std::string& text = std::get<std::string>(filter.values[0]);
  if (filter.op == query::Operator::matches) return RE2::PartialMatch(message, RE2(text));
  return message.find(text) != std::string::npos;
}

}  // namespace clew::cloudwatch_logs::testing
