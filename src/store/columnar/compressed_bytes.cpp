#include "store/columnar/compressed_bytes.h"

#include <cstring>
#include <zstd.h>

namespace clew::store {
namespace {

constexpr uint8_t kRaw = 1, kZstd = 2;
constexpr int kLevel = 1;              // each further level costs much more time than it saves bytes here
constexpr size_t kMinCompressed = 64;  // smaller inputs do not pay the frame's header

struct Context {
  ZSTD_CCtx* compress = ZSTD_createCCtx();
  ZSTD_DCtx* decompress = ZSTD_createDCtx();
  Context() {
    ZSTD_CCtx_setParameter(compress, ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(compress, ZSTD_c_contentSizeFlag, 0);
    ZSTD_CCtx_setParameter(compress, ZSTD_c_checksumFlag, 0);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() {
    ZSTD_freeCCtx(compress);
    ZSTD_freeDCtx(decompress);
  }
};
Context& context() {
  thread_local Context instance;
  return instance;
}

}  // namespace

bool append_zstd(std::string& out, std::string_view bytes) {
  if (bytes.size() < kMinCompressed) return false;
  thread_local std::string buffer;
  buffer.resize(ZSTD_compressBound(bytes.size()));
  const size_t size =
      ZSTD_compress2(context().compress, buffer.data(), buffer.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) || size > bytes.size() - bytes.size() / 16) return false;
  append_varint(out, size);
  out.append(buffer, 0, size);
  return true;
}

bool decompress_exactly(std::string_view compressed, char* into, size_t size) {
  const size_t written =
      ZSTD_decompressDCtx(context().decompress, into, size, compressed.data(), compressed.size());
  return !ZSTD_isError(written) && written == size;
}

void append_compressed(std::string& out, std::string_view bytes) {
  const size_t mode_at = out.size();
  out += static_cast<char>(kZstd);
  append_varint(out, bytes.size());
  if (append_zstd(out, bytes)) return;
  out[mode_at] = static_cast<char>(kRaw);
  out += bytes;
}

bool consume_compressed(ByteReader& reader, size_t limit, std::string& bytes) {
  ByteReader ahead = reader;
  ahead.consume_fixed<uint8_t>();
  const size_t size = ahead.consume_count(limit);
  if (!ahead.ok()) return false;
  bytes.resize(size);
  return consume_compressed_into(reader, bytes);
}

bool consume_compressed_into(ByteReader& reader, std::span<char> bytes) {
  const auto mode = reader.consume_fixed<uint8_t>();
  if (reader.consume_varint() != bytes.size()) return false;
  const std::string_view stored = mode == kZstd ? reader.consume_sized() : reader.consume_bytes(bytes.size());
  if (!reader.ok()) return false;
  if (mode == kZstd) return decompress_exactly(stored, bytes.data(), bytes.size());
  if (!bytes.empty()) std::memcpy(bytes.data(), stored.data(), bytes.size());
  return mode == kRaw;
}

size_t skip_compressed(ByteReader& reader) {
  const auto mode = reader.consume_fixed<uint8_t>();
  const size_t size = reader.consume_varint();
  if (mode == kZstd)
    reader.consume_sized();
  else
    reader.consume_bytes(size);
  return size;
}

}  // namespace clew::store
