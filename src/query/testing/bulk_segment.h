// A million spans in columns, for benchmarks.
#pragma once

#include "store/storage.h"

namespace clew::query::testing {

// 20 services, 50 routes, 500 tenants, 200,000 users, half an hour; two segments.
store::Snapshot million_spans();
// The same with more attributes, so that 60 columns can be compared: texts of few and of many values, whole
// and other numbers, booleans; a third of them on every other span only.
store::Snapshot million_wide_spans();

}  // namespace clew::query::testing
