// What the decoders of spans, log records and metrics have in common.
#pragma once

#include <string_view>

#include "base/time.h"
#include "store/columnar/block_builder.h"
#include "store/columnar/key_value.h"
#include "store/columnar/origin.h"
#include "store/columnar/otlp_decoder.h"
#include "telemetry/protobuf_reader.h"

namespace clew::store {

struct ItemContext {
  UnixNanos arrival;
  std::string_view envelope;  // of the items' origin
  BlockTarget& target;
  Decoded& decoded;
  // Cached over the items of one scope, while they go to the same block.
  BlockBuilder* block = nullptr;
  uint32_t origin_code = 0;
  BlockBuilder::Slot* last_slot = nullptr;
};

// Decodes one Span, LogRecord or Metric. Throws protozero::exception when malformed.
using DecodeItem = void (*)(ItemContext& context, std::string_view item);
void decode_span(ItemContext& context, std::string_view item);
void decode_log_record(ItemContext& context, std::string_view item);
void decode_metric(ItemContext& context, std::string_view item);
DecodeItem item_decoder_of(Signal signal);

// One row under construction.
class RowWriter : private ValueVisitor {
 public:
  // Takes a block with room for `rows` and adds the first of them.
  RowWriter(ItemContext& context, uint32_t rows);

  uint32_t row() const { return row_; }
  // Goes on with one more row of the same item.
  void next_row() { begin_row(); }

  void integer(Intrinsic column, int64_t value) { block().intrinsic(column).append_integer(row_, value); }
  // Absent means zero.
  void nonzero(Intrinsic column, int64_t value) {
    if (value != 0) integer(column, value);
  }
  void floating(Intrinsic column, double value) { block().intrinsic(column).append_float(row_, value); }
  void boolean(Intrinsic column, bool value = true) { block().intrinsic(column).append_boolean(row_, value); }
  void string(Intrinsic column, std::string_view value) {
    block().intrinsic(column).append_string(row_, value);
  }
  // Absent means empty.
  void nonempty(Intrinsic column, std::string_view value) {
    if (!value.empty()) string(column, value);
  }
  void span_id(Intrinsic column, SpanId id);
  void time(UnixNanos at) { integer(Intrinsic::time, at.count); }

  // A KeyValue message of the item's own attributes.
  void attribute(std::string_view key_value);
  // An AnyValue message as intrinsic `name` and name.child.
  void intrinsic_value(std::string_view name, std::string_view any_value);
  // An AnyValue message as JSON text under intrinsic `name`.
  void json_value(std::string_view name, std::string_view any_value);
  // The weight found in an attribute (sampleRate); 0 when there was none.
  int64_t sample_rate() const { return sample_rate_; }

  // Takes all rows of the item back and counts it as rejected.
  void reject(std::string_view reason);

 private:
  BlockBuilder& block() { return *context_.block; }
  void begin_row();
  ColumnBuilder* column(std::string_view name, ColumnType type);
  void string(std::string_view name, ColumnType type, std::string_view value) override;
  void integer(std::string_view name, int64_t value) override;
  void floating(std::string_view name, double value) override;
  void boolean(std::string_view name, bool value) override;

  ItemContext& context_;
  uint32_t first_row_ = 0;
  uint32_t row_ = 0;
  Scope scope_ = Scope::attribute;
  size_t attributes_ = 0;
  int64_t sample_rate_ = 0;
};

// Thrown when an item goes over a limit; the item is rejected, the others of its batch are not.
struct ItemTooLarge {
  std::string_view reason;
};

// Nanoseconds as senders give them. 0 (unset) becomes the arrival; above int64 is clamped; both are counted.
UnixNanos time_or_arrival(uint64_t unix_nanos, UnixNanos arrival);
UnixNanos clamp_time(uint64_t unix_nanos);

}  // namespace clew::store
