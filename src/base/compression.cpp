#include "base/compression.h"

#include <algorithm>
#include <libdeflate.h>
#include <memory>
#include <zlib.h>
#include <zstd.h>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/log.h"

namespace clew {
namespace {

// Telemetry compresses 5 to 12 times; more than this is not worth betting memory on before it is seen.
constexpr size_t kTrustedRatio = 32;
constexpr size_t kFirstOutput = 16 << 10;
// The largest window a zstd frame may ask for (8 MiB is the format's recommendation; senders with --long go
// higher).
constexpr int kLargestWindowLog = 27;

Status over_limit(Compression compression, size_t limit) {
  return {ErrorKind::too_large,
          fmt::format("{} body grows over the limit of {} bytes", name_of(compression), limit)};
}

Status damaged(Compression compression, std::string_view why) {
  return {ErrorKind::bad_input, fmt::format("not valid {}: {}", name_of(compression), why)};
}

// An output that doubles as it fills, never beyond its limit.
class GrowingOutput {
 public:
  GrowingOutput(size_t first, size_t limit) : limit_(limit) {
    bytes_.resize(std::min(std::max<size_t>(first, 1), limit));
  }
  char* free_begin() { return bytes_.data() + used_; }
  size_t free_size() const { return bytes_.size() - used_; }
  void used(size_t count) { used_ += count; }
  // False when the limit is reached.
  bool grow() {
    if (bytes_.size() >= limit_) return false;
    bytes_.resize(bytes_.size() > limit_ / 2 ? limit_ : bytes_.size() * 2);
    return true;
  }
  std::string take() {
    bytes_.resize(used_);
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
  size_t used_ = 0;
  const size_t limit_;
};

class Inflater {
 public:
  explicit Inflater(int window_bits) { ready_ = inflateInit2(&stream_, window_bits) == Z_OK; }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  bool ready() const { return ready_; }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
  bool ready_;
};

constexpr int kGzipWindow = 15 + 16, kZlibWindow = 15, kRawWindow = -15;

Result<std::string> inflate_stream(Compression compression, int window_bits, std::string_view bytes,
                                   size_t limit) {
  Inflater inflater(window_bits);
  if (!inflater.ready()) return {ErrorKind::exhausted, "no memory to inflate"};
  z_stream& stream = inflater.stream();
  GrowingOutput output(std::max(kFirstOutput, bytes.size() * 4), limit);
  std::string_view rest = bytes;
  char beyond_limit;  // where the one byte goes that proves an output is over the limit
  while (true) {
    // Counts in z_stream are 32 bits wide.
    const auto take = static_cast<uInt>(std::min<size_t>(rest.size(), 1u << 30));
    const bool full = output.free_size() == 0 && !output.grow();
    const auto room = full ? 1u : static_cast<uInt>(std::min<size_t>(output.free_size(), 1u << 30));
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest.data()));
    stream.avail_in = take;
    stream.next_out = reinterpret_cast<Bytef*>(full ? &beyond_limit : output.free_begin());
    stream.avail_out = room;
    const int outcome = inflate(&stream, Z_NO_FLUSH);
    rest.remove_prefix(take - stream.avail_in);
    const size_t produced = room - stream.avail_out;
    if (full && produced > 0) return over_limit(compression, limit);
    output.used(produced);
    if (outcome == Z_STREAM_END) {
      // Another gzip member may follow; anything else is not ours.
      if (rest.empty()) return output.take();
      if (window_bits != kGzipWindow || !looks_gzipped(rest))
        return damaged(compression, "bytes follow its end");
      inflateReset(&stream);
      continue;
    }
    if (outcome == Z_MEM_ERROR) return {ErrorKind::exhausted, "no memory to inflate"};
    if (outcome != Z_OK && outcome != Z_BUF_ERROR)
      return damaged(compression, stream.msg ? stream.msg : "damaged data");
    if (produced == 0 && rest.empty()) return damaged(compression, "it ends early");
  }
}

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* it) const { libdeflate_free_decompressor(it); }
};
struct FreeCompressor {
  void operator()(libdeflate_compressor* it) const { libdeflate_free_compressor(it); }
};
struct FreeZstd {
  void operator()(ZSTD_DCtx* it) const { ZSTD_freeDCtx(it); }
};

// Fast path: libdeflate inflates about three times faster than zlib, but only into a buffer of known size.
// Its size is read from the trailer and believed only where it is plausible. Nothing when the slow path has
// to decide.
std::optional<std::string> gunzip_at_once(std::string_view bytes, size_t limit) {
  if (bytes.size() < 18) return std::nullopt;
  uint32_t size = 0;
  for (int i = 0; i < 4; ++i) size |= uint32_t{static_cast<uint8_t>(bytes[bytes.size() - 4 + i])} << (8 * i);
  if (size > limit || size > bytes.size() * kTrustedRatio) return std::nullopt;
  thread_local std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(
      libdeflate_alloc_decompressor());
  if (!decompressor) return std::nullopt;
  std::string output(size, '\0');
  size_t consumed = 0, produced = 0;
  const auto outcome = libdeflate_gzip_decompress_ex(decompressor.get(), bytes.data(), bytes.size(),
                                                     output.data(), output.size(), &consumed, &produced);
  if (outcome != LIBDEFLATE_SUCCESS || consumed != bytes.size() || produced != output.size())
    return std::nullopt;
  return output;
}

Result<std::string> gunzip(std::string_view bytes, size_t limit) {
  if (auto output = gunzip_at_once(bytes, limit)) return std::move(*output);
  return inflate_stream(Compression::gzip, kGzipWindow, bytes, limit);
}

bool has_zlib_header(std::string_view bytes) {
  if (bytes.size() < 2) return false;
  const unsigned first = static_cast<uint8_t>(bytes[0]), second = static_cast<uint8_t>(bytes[1]);
  return (first & 0x0f) == 8 && (first * 256 + second) % 31 == 0;
}

Result<std::string> undo_deflate(std::string_view bytes, size_t limit) {
  if (!has_zlib_header(bytes)) return inflate_stream(Compression::deflate, kRawWindow, bytes, limit);
  auto output = inflate_stream(Compression::deflate, kZlibWindow, bytes, limit);
  if (output.ok() || output.status().kind() != ErrorKind::bad_input) return output;
  // A raw stream may begin with the same two bytes by accident.
  auto raw = inflate_stream(Compression::deflate, kRawWindow, bytes, limit);
  return raw.ok() ? std::move(raw) : std::move(output);
}

Result<std::string> undo_zstd(std::string_view bytes, size_t limit) {
  thread_local std::unique_ptr<ZSTD_DCtx, FreeZstd> context(ZSTD_createDCtx());
  if (!context) return {ErrorKind::exhausted, "no memory to decompress"};
  if (bytes.empty()) return damaged(Compression::zstd, "it is empty");
  ZSTD_DCtx_reset(context.get(), ZSTD_reset_session_and_parameters);
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kLargestWindowLog);
  const unsigned long long stated = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  const bool believed = stated != ZSTD_CONTENTSIZE_UNKNOWN && stated != ZSTD_CONTENTSIZE_ERROR &&
                        stated > 0 && stated <= bytes.size() * kTrustedRatio;
  GrowingOutput output(believed ? static_cast<size_t>(stated) : std::max(kFirstOutput, bytes.size() * 4),
                       limit);
  ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
  char beyond_limit;
  while (true) {
    const bool full = output.free_size() == 0 && !output.grow();
    ZSTD_outBuffer sink{full ? &beyond_limit : output.free_begin(), full ? 1 : output.free_size(), 0};
    const size_t wanted = ZSTD_decompressStream(context.get(), &sink, &input);
    if (ZSTD_isError(wanted)) return damaged(Compression::zstd, ZSTD_getErrorName(wanted));
    if (full && sink.pos > 0) return over_limit(Compression::zstd, limit);
    output.used(full ? 0 : sink.pos);
    if (input.pos < input.size) continue;
    if (wanted == 0) return output.take();
    if (sink.pos < sink.size) return damaged(Compression::zstd, "it ends early");
  }
}

int zlib_level(Effort effort) {
  return effort == Effort::fast ? 1 : 6;
}

std::string deflate_at_once(Compression compression, std::string_view bytes, Effort effort) {
  thread_local std::unique_ptr<libdeflate_compressor, FreeCompressor> compressors[2];
  auto& compressor = compressors[effort == Effort::fast ? 0 : 1];
  if (!compressor) compressor.reset(libdeflate_alloc_compressor(zlib_level(effort)));
  if (!compressor) bug("no memory to compress");
  const bool gzip = compression == Compression::gzip;
  std::string output(gzip ? libdeflate_gzip_compress_bound(compressor.get(), bytes.size())
                          : libdeflate_zlib_compress_bound(compressor.get(), bytes.size()),
                     '\0');
  output.resize(gzip ? libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), output.data(),
                                                output.size())
                     : libdeflate_zlib_compress(compressor.get(), bytes.data(), bytes.size(), output.data(),
                                                output.size()));
  return output;
}

std::string compress_zstd(std::string_view bytes, Effort effort) {
  std::string output(ZSTD_compressBound(bytes.size()), '\0');
  const size_t size =
      ZSTD_compress(output.data(), output.size(), bytes.data(), bytes.size(), effort == Effort::fast ? 1 : 3);
  if (ZSTD_isError(size)) bug(fmt::format("zstd: {}", ZSTD_getErrorName(size)));
  output.resize(size);
  return output;
}

}  // namespace

std::string_view name_of(Compression compression) {
  switch (compression) {
    case Compression::gzip:
      return "gzip";
    case Compression::deflate:
      return "deflate";
    case Compression::zstd:
      return "zstd";
  }
  return "unknown";
}

std::optional<Compression> compression_named(std::string_view name) {
  const auto is = [name](std::string_view known) { return equal_ignoring_case(name, known); };
  if (is("gzip") || is("x-gzip")) return Compression::gzip;
  if (is("deflate")) return Compression::deflate;
  if (is("zstd")) return Compression::zstd;
  return std::nullopt;
}

Result<std::string> decompress(Compression compression, std::string_view bytes, size_t limit) {
  switch (compression) {
    case Compression::gzip:
      return gunzip(bytes, limit);
    case Compression::deflate:
      return undo_deflate(bytes, limit);
    case Compression::zstd:
      return undo_zstd(bytes, limit);
  }
  return {ErrorKind::unsupported, "unknown compression"};
}

std::string compress(Compression compression, std::string_view bytes, Effort effort) {
  return compression == Compression::zstd ? compress_zstd(bytes, effort)
                                          : deflate_at_once(compression, bytes, effort);
}

bool looks_gzipped(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b\x08");
}

}  // namespace clew
