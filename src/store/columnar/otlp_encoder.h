// Rows back into OTLP: the inverse of otlp_decoder.h, for clew export.
//
// What comes out is what came in, except that attributes that were maps have become attributes with dots in
// their names, times that were missing are the ones that were given to them, and values that the store turned
// away are not there.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/storage.h"
#include "telemetry/batch.h"

namespace clew::store {

struct EncodeOptions {
  Signal signal = Signal::traces;
  UnixNanos from{INT64_MIN};  // of the items; events and links go with their span
  UnixNanos to{INT64_MAX};    // not included
  uint64_t items_a_request = 2'000;
  std::function<void(uint64_t rows_done, uint64_t rows_total)> progress;
};

struct EncodeSummary {
  uint64_t items = 0;
  uint64_t strays = 0;               // events and links whose span is nowhere
  std::vector<std::string> damages;  // granules that could not be read and are left out
};

// Calls `on_request` with the protobuf bytes of one request after the other, until it fails.
Result<EncodeSummary> encode_otlp(const Snapshot& snapshot, const EncodeOptions& options,
                                  const std::function<Status(std::string request)>& on_request);

}  // namespace clew::store
