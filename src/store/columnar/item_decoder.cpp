#include "store/columnar/item_decoder.h"

#include <cmath>
#include <cstring>

#include "base/counters.h"
#include "telemetry/any_value.h"
#include "telemetry/sampling_threshold.h"

namespace clew::store {
namespace {

constexpr double kMaxSampleRate = 2147483647.0;

// A sample rate as clients send it: fractions are rounded, nonsense weighs 1.
int64_t to_sample_rate(double rate) {
  if (!(rate >= 1)) return 1;
  return static_cast<int64_t>(std::min(rate + 0.5, kMaxSampleRate));
}

}  // namespace

DecodeItem item_decoder_of(Signal signal) {
  switch (signal) {
    case Signal::traces:
      return decode_span;
    case Signal::logs:
      return decode_log_record;
    case Signal::metrics:
      return decode_metric;
  }
  return decode_span;
}

RowWriter::RowWriter(ItemContext& context, uint32_t rows) : context_(context) {
  BlockBuilder& block = context.target.block_with_room(rows);
  if (&block != context.block) {
    context.block = &block;
    context.last_slot = nullptr;
    context.origin_code = block.intrinsic(Intrinsic::origin).code_of(context.envelope);
  }
  begin_row();
  first_row_ = row_;
}

void RowWriter::begin_row() {
  row_ = block().add_row();
  block().intrinsic(Intrinsic::origin).append_code(row_, context_.origin_code);
}

void RowWriter::span_id(Intrinsic column, SpanId id) {
  uint64_t raw;
  std::memcpy(&raw, id.bytes.data(), sizeof raw);
  block().intrinsic(column).append_span_id(row_, raw);
}

void RowWriter::attribute(std::string_view key_value) {
  scope_ = Scope::attribute;
  visit_key_value(key_value, *this);
}

void RowWriter::intrinsic_value(std::string_view name, std::string_view any_value) {
  scope_ = Scope::intrinsic;
  visit_value(name, any_value, *this);
}

void RowWriter::json_value(std::string_view name, std::string_view any_value) {
  scope_ = Scope::intrinsic;
  std::string json;
  otlp::append_any_value_json(json, any_value);
  string(name, ColumnType::json, json);
}

ColumnBuilder* RowWriter::column(std::string_view name, ColumnType type) {
  if (++attributes_ > kMaxItemAttributes) {
    count(Counter::items_rejected_too_many_attributes);
    throw ItemTooLarge{"more than 10000 attributes"};
  }
  if (name.size() > kMaxNameBytes) {
    count(Counter::items_rejected_too_large);
    throw ItemTooLarge{"an attribute name longer than 4096 bytes"};
  }
  BlockBuilder::Slot* slot = block().slot(scope_, name, context_.last_slot);
  ColumnBuilder* found = slot == nullptr ? nullptr : block().column(*slot, type);
  if (found == nullptr) {
    count(Counter::items_rejected_too_many_columns);
    return nullptr;
  }
  context_.last_slot = slot;
  return found;
}

void RowWriter::string(std::string_view name, ColumnType type, std::string_view value) {
  if (ColumnBuilder* found = column(name, type)) {
    found->append_string(row_, value);
    if (context_.last_slot->is_sample_rate)
      sample_rate_ = to_sample_rate(std::strtod(std::string(value).c_str(), nullptr));
    if (context_.last_slot->is_sampling_threshold && sample_rate_ == 0)
      if (const auto threshold = parse_threshold(value)) sample_rate_ = weight_of_threshold(*threshold);
  }
}

void RowWriter::integer(std::string_view name, int64_t value) {
  if (ColumnBuilder* found = column(name, ColumnType::int64)) {
    found->append_integer(row_, value);
    if (context_.last_slot->is_sample_rate) sample_rate_ = to_sample_rate(static_cast<double>(value));
  }
}

void RowWriter::floating(std::string_view name, double value) {
  if (ColumnBuilder* found = column(name, ColumnType::float64)) {
    found->append_float(row_, value);
    if (context_.last_slot->is_sample_rate) sample_rate_ = to_sample_rate(value);
  }
}

void RowWriter::boolean(std::string_view name, bool value) {
  if (ColumnBuilder* found = column(name, ColumnType::boolean)) found->append_boolean(row_, value);
}

void RowWriter::reject(std::string_view reason) {
  block().truncate(first_row_);
  ++context_.decoded.rejected;
  if (context_.decoded.rejection.empty()) context_.decoded.rejection = reason;
}

UnixNanos clamp_time(uint64_t unix_nanos) {
  if (unix_nanos <= static_cast<uint64_t>(INT64_MAX)) return {static_cast<int64_t>(unix_nanos)};
  count(Counter::time_clamped);
  return {INT64_MAX};
}

UnixNanos time_or_arrival(uint64_t unix_nanos, UnixNanos arrival) {
  if (unix_nanos != 0) return clamp_time(unix_nanos);
  count(Counter::time_clamped);
  return arrival;
}

}  // namespace clew::store
