// SignalCount: how much of a signal is stored, without reading any of it.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "store/storage.h"

namespace clew::api {

struct SignalCount {
  uint64_t rows = 0;
  uint64_t segments = 0;
  UnixNanos first;  // only when there are rows
  UnixNanos last;
};

SignalCount count_rows(const store::Snapshot& snapshot);

}  // namespace clew::api
