// SharedSpans: the calls of which client and server tell under one id, as Zipkin's do (zipkin.shared marks
// the server's half). For those who look for parents the server's half gets an id of its own, below the
// client's half; what is below the id belongs to the half of its own service, mostly the server's. So the
// trace's view has it.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "query/granule_reader.h"
#include "query/query_limits.h"
#include "query/run.h"
#include "query/span_keys.h"
#include "store/storage.h"

namespace clew::query {

class SharedSpans {
 public:
  // Costs nothing where no segment has a mark.
  static Result<SharedSpans> gather(const TimeRange& range, const store::Snapshot& snapshot,
                                    const RunOptions& options, QueryLimits& limits);

  // Changes the ids and parents of the rows that such calls concern.
  Status part(GranuleReader& reader, SpanKeys& keys) const;

 private:
  friend class SharedSpansGathering;

  // Names of services, hashed; 0: the half is not stored.
  struct Halves {
    uint64_t client = 0, server = 0;
  };

  KeyNumberTable numbers_;  // of trace and span
  std::vector<Halves> halves_;
};

}  // namespace clew::query
