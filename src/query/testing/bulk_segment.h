// A million spans in columns, for benchmarks.
#pragma once

#include "store/storage.h"

namespace clew::query::testing {

// 20 services, 50 routes, 500 tenants, 200,000 users, half an hour; two segments.
store::Snapshot million_spans();

}  // namespace clew::query::testing
