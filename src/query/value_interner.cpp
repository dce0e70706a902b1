#include "query/value_interner.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "base/base64.h"
#include "base/hex.h"
#include "query/hashing.h"

namespace clew::query {
namespace {

using store::ColumnType;

constexpr size_t kArenaChunk = 64 * 1024;

}  // namespace

ValueInterner::ValueInterner() : entries_(1), slots_(64) {}

ValueInterner::Kind ValueInterner::kind_of(ColumnType type) {
  if (type == ColumnType::trace_id) return Kind::trace_id;
  if (type == ColumnType::bytes) return Kind::bytes;
  return type == ColumnType::span_id ? Kind::span_id : Kind::text;
}

uint32_t ValueInterner::intern_real(double value) {
  if (std::isnan(value)) value = std::bit_cast<double>(uint64_t{0x7ff8000000000000});
  Value canonical = number_value(value);
  if (const auto* integer = std::get_if<int64_t>(&canonical)) return intern_integer(*integer);
  return intern_bits(Kind::real, std::bit_cast<uint64_t>(value));
}

uint32_t ValueInterner::intern(const store::ColumnData& data, uint32_t row) {
  switch (data.type) {
    case ColumnType::int64:
    case ColumnType::duration:
      return intern_integer(data.integers[row]);
    case ColumnType::time:
      return intern_time(data.integers[row]);
    case ColumnType::float64:
      return intern_real(data.floats[row]);
    case ColumnType::boolean:
      return intern_boolean(data.booleans[row] != 0);
    default:
      return intern_text(data.string_at(row), data.type);
  }
}

uint32_t ValueInterner::intern_from(const ValueInterner& other, uint32_t id) {
  const Entry& entry = other.entries_[id];
  if (entry.kind == Kind::null) return kNull;
  if (entry.kind >= Kind::text) return intern_bytes(entry.kind, entry.view(), entry.hash, Bytes::passing);
  return intern_bits(entry.kind, entry.bits);
}

uint32_t ValueInterner::intern_bits(Kind kind, uint64_t bits) {
  auto hash = static_cast<uint32_t>(hash_of(bits ^ static_cast<uint64_t>(kind) << 56));
  for (size_t slot = hash & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
    if (slots_[slot] == 0) return add({.bits = bits, .hash = hash, .kind = kind}, slot);
    const Entry& entry = entries_[slots_[slot] - 1];
    if (entry.hash == hash && entry.bits == bits && entry.kind == kind) return slots_[slot] - 1;
  }
}

uint32_t ValueInterner::hash_of_text(std::string_view text, ColumnType type) {
  return static_cast<uint32_t>(hash_of(text)) ^ static_cast<uint32_t>(kind_of(type));
}

uint32_t ValueInterner::intern_bytes(Kind kind, std::string_view text, uint32_t hash, Bytes bytes) {
  for (size_t slot = hash & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
    if (slots_[slot] == 0) {
      std::string_view kept = bytes == Bytes::lasting ? text : copy(text);
      return add({.bits = kept.size(), .text = kept.data(), .hash = hash, .kind = kind}, slot);
    }
    const Entry& entry = entries_[slots_[slot] - 1];
    if (entry.hash == hash && entry.kind == kind && entry.view() == text) return slots_[slot] - 1;
  }
}

uint32_t ValueInterner::add(Entry entry, size_t slot) {
  auto id = static_cast<uint32_t>(entries_.size());
  entries_.push_back(entry);
  slots_[slot] = id + 1;
  if (entries_.size() * 2 > slots_.size()) resize_slots(slots_.size() * 2);
  return id;
}

void ValueInterner::reserve(size_t values) {
  entries_.reserve(values);
  size_t wanted = std::bit_ceil(values * 2 + 2);
  if (wanted > slots_.size()) resize_slots(wanted);
}

void ValueInterner::resize_slots(size_t count) {
  slots_.assign(count, 0);
  for (size_t id = 1; id < entries_.size(); ++id) {
    size_t slot = entries_[id].hash & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<uint32_t>(id + 1);
  }
}

std::string_view ValueInterner::copy(std::string_view text) {
  if (text.empty()) return {"", 0};
  if (text.size() > arena_left_) {
    size_t chunk = std::max(kArenaChunk, text.size());
    arena_.push_back(std::make_unique<char[]>(chunk));
    arena_left_ = chunk;
    arena_bytes_ += chunk;
  }
  // Chunks are filled from their end.
  arena_left_ -= text.size();
  char* to = arena_.back().get() + arena_left_;
  std::memcpy(to, text.data(), text.size());
  return {to, text.size()};
}

std::strong_ordering ValueInterner::compare(uint32_t a, uint32_t b) const {
  if (a == b) return std::strong_ordering::equal;
  const Entry &left = entries_[a], &right = entries_[b];
  // Raw ids are ordered as their digits are.
  if (left.kind == right.kind && left.kind >= Kind::text) return left.view() <=> right.view();
  bool integers = left.kind == Kind::integer || left.kind == Kind::time;
  if (left.kind == right.kind && integers)
    return static_cast<int64_t>(left.bits) <=> static_cast<int64_t>(right.bits);
  return query::compare(value(a), value(b));
}

Value ValueInterner::value(uint32_t id) const {
  const Entry& entry = entries_[id];
  switch (entry.kind) {
    case Kind::null:
      return {};
    case Kind::boolean:
      return entry.bits != 0;
    case Kind::integer:
      return static_cast<int64_t>(entry.bits);
    case Kind::real:
      return std::bit_cast<double>(entry.bits);
    case Kind::time:
      return UnixNanos{static_cast<int64_t>(entry.bits)};
    case Kind::text:
      return std::string(entry.view());
    case Kind::bytes:
      return base64_encode(entry.view());
    case Kind::trace_id:
    case Kind::span_id:
      return hex_of(entry.view());
  }
  return {};
}

}  // namespace clew::query
