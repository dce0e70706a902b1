// Decodes OTLP requests straight from the wire into the columns of blocks: no objects in between, one pass.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "store/columnar/block_builder.h"
#include "telemetry/batch.h"

namespace clew::store {

// One item (a span with its events and links, a log record, a data point) may have this many attributes …
constexpr size_t kMaxItemAttributes = 10'000;
// … and make this many rows.
constexpr uint32_t kMaxItemRows = 20'000;
constexpr size_t kMaxNameBytes = 4'096;  // of an attribute, after flattening

// Where decoded rows go.
class BlockTarget {
 public:
  virtual ~BlockTarget() = default;
  // A block with room for `rows` (at most kMaxItemRows) more; the same as before unless that one is full.
  virtual BlockBuilder& block_with_room(uint32_t rows) = 0;
};

struct Decoded {
  uint64_t accepted = 0;
  uint64_t rejected = 0;
  std::string rejection;  // why the first was rejected
};

// Fails with bad_input when the bytes are not the protobuf message they should be; what was added to the
// target by then must be taken back by the caller. The same bytes and arrival always give the same rows.
Result<Decoded> decode_otlp(Signal signal, std::string_view request, UnixNanos arrival, BlockTarget& target);

}  // namespace clew::store
