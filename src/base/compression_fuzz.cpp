#include "base/compression.h"
#include "base/fuzz.h"
#include "base/log.h"

// First byte: which compression; the rest is taken as compressed bytes, and as bytes to compress.
CLEW_FUZZ(compression) {
  if (bytes.empty()) return;
  const auto how = static_cast<clew::Compression>(static_cast<unsigned char>(bytes[0]) % 3);
  bytes.remove_prefix(1);
  constexpr size_t kLimit = 1 << 20;
  const auto inflated = clew::decompress(how, bytes, kLimit);
  if (inflated.ok() && inflated.value().size() > kLimit) clew::bug("decompress went over its limit");
  if (bytes.size() > kLimit) return;
  const auto back = clew::decompress(how, clew::compress(how, bytes), kLimit);
  if (!back.ok() || back.value() != bytes) clew::bug("compressed bytes do not come back");
}
