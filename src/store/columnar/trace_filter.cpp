#include "store/columnar/trace_filter.h"

#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace clew::store {
namespace {

constexpr size_t kBlockBytes = 64;
constexpr size_t kBitsPerTrace = 20;
constexpr int kProbes = 7;  // as many as one hash has bits for

// Calls `visit(byte offset, bit mask)` for each probe.
template <typename Visit>
void probe(std::string_view id, size_t blocks, Visit visit) {
  const uint64_t hash = XXH3_64bits(id.data(), id.size());
  const size_t block = (hash >> 32) * blocks >> 32;
  uint64_t bits = hash * 0x9E3779B97F4A7C15ull;
  for (int i = 0; i < kProbes; ++i, bits >>= 9) {
    const size_t bit = bits & 511;
    if (!visit(block * kBlockBytes + (bit >> 3), static_cast<unsigned char>(1u << (bit & 7)))) return;
  }
}

}  // namespace

std::string build_trace_filter(std::span<const std::string_view> trace_ids) {
  const size_t blocks = (trace_ids.size() * kBitsPerTrace + kBlockBytes * 8 - 1) / (kBlockBytes * 8);
  std::string filter(std::max<size_t>(1, blocks) * kBlockBytes, '\0');
  for (const std::string_view id : trace_ids) {
    probe(id, filter.size() / kBlockBytes, [&](size_t at, unsigned char mask) {
      filter[at] = static_cast<char>(static_cast<unsigned char>(filter[at]) | mask);
      return true;
    });
  }
  return filter;
}

bool may_contain(std::string_view filter, const TraceId& trace) {
  if (filter.size() < kBlockBytes) return true;
  bool found = true;
  probe(trace.view(), filter.size() / kBlockBytes, [&](size_t at, unsigned char mask) {
    found = (static_cast<unsigned char>(filter[at]) & mask) != 0;
    return found;
  });
  return found;
}

}  // namespace clew::store
