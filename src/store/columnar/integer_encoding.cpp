#include "store/columnar/integer_encoding.h"

#include <algorithm>
#include <array>
#include <bit>
#include <memory>
#include <zstd.h>

namespace clew::store {
namespace {

__extension__ typedef unsigned __int128 Wide;

constexpr uint8_t kConstant = 0, kPacked = 1, kPlanes = 2, kPlain = 3;
constexpr uint8_t kPlaneZero = 0, kPlaneRaw = 1, kPlaneZstd = 2;
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

// Appends the zstd form and says so, or leaves `out` alone when it would not save a sixteenth.
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

size_t packed_bytes(size_t count, unsigned width) {
  return (count * width + 7) / 8;
}

template <typename Value>
void append_packed(std::string& out, std::span<const Value> values, int64_t minimum, unsigned width) {
  out += static_cast<char>(kPacked);
  append_signed_varint(out, minimum);
  out += static_cast<char>(width);
  const size_t begin = out.size(), bytes = packed_bytes(values.size(), width);
  out.resize(begin + bytes + 8);  // room for whole-word stores
  char* to = out.data() + begin;
  Wide pending = 0;
  unsigned bits = 0;
  for (const Value value : values) {
    pending |= static_cast<Wide>(static_cast<uint64_t>(value) - static_cast<uint64_t>(minimum)) << bits;
    bits += width;
    if (bits >= 64) {
      const auto word = static_cast<uint64_t>(pending);
      std::memcpy(to, &word, 8);
      to += 8;
      pending >>= 64;
      bits -= 64;
    }
  }
  const auto word = static_cast<uint64_t>(pending);
  std::memcpy(to, &word, 8);
  out.resize(begin + bytes);
}

template <typename Value>
bool consume_packed(ByteReader& reader, std::span<Value> values) {
  const auto minimum = static_cast<uint64_t>(reader.consume_signed_varint());
  const unsigned width = reader.consume_fixed<uint8_t>();
  if (width == 0 || width > 63) return false;
  const std::string_view packed = reader.consume_bytes(packed_bytes(values.size(), width));
  if (!reader.ok()) return false;
  const uint64_t mask = (uint64_t{1} << width) - 1;
  const char* from = packed.data();
  // One eight-byte load holds any value of up to 57 bits, whatever bit it begins at; loads that would reach
  // past the end are left to the careful loop below.
  const size_t fast =
      width > 57 || packed.size() < 8 ? 0 : std::min(values.size(), ((packed.size() - 8) * 8) / width + 1);
  size_t i = 0;
  uint64_t bit = 0;
  for (; i < fast; ++i, bit += width) {
    uint64_t word;
    std::memcpy(&word, from + (bit >> 3), 8);
    values[i] = static_cast<Value>((word >> (bit & 7) & mask) + minimum);
  }
  for (; i < values.size(); ++i, bit += width) {
    Wide word = 0;
    const size_t at = bit >> 3;
    std::memcpy(&word, from + at, std::min<size_t>(16, packed.size() - at));
    values[i] = static_cast<Value>((static_cast<uint64_t>(word >> (bit & 7)) & mask) + minimum);
  }
  return true;
}

// Appends what each byte of the (non-negative) numbers is, one plane after the other.
void append_planes(std::string& out, std::span<const uint64_t> numbers, uint64_t largest) {
  const unsigned planes = std::max(1u, static_cast<unsigned>(std::bit_width(largest) + 7) / 8);
  out += static_cast<char>(planes);
  thread_local std::string plane;
  plane.resize(numbers.size());
  for (unsigned p = 0; p < planes; ++p) {
    unsigned char seen = 0;
    for (size_t i = 0; i < numbers.size(); ++i) {
      const auto byte = static_cast<unsigned char>(numbers[i] >> (8 * p));
      plane[i] = static_cast<char>(byte);
      seen |= byte;
    }
    if (seen == 0) {
      out += static_cast<char>(kPlaneZero);
      continue;
    }
    const size_t mode_at = out.size();
    out += static_cast<char>(kPlaneZstd);
    if (!append_zstd(out, plane)) {
      out[mode_at] = static_cast<char>(kPlaneRaw);
      out += plane;
    }
  }
}

// The planes of `count` numbers, decompressed: those kept raw where they stand, the others in memory of the
// thread.
class PlaneBytes {
 public:
  // At most `most` planes.
  bool read(ByteReader& reader, size_t count, unsigned most) {
    planes_ = reader.consume_fixed<uint8_t>();
    if (planes_ == 0 || planes_ > most) return false;
    thread_local std::array<std::string, 8> buffers;
    for (unsigned p = 0; p < planes_; ++p) {
      const auto mode = reader.consume_fixed<uint8_t>();
      if (!reader.ok() || mode > kPlaneZstd) return false;
      if (mode == kPlaneRaw) {
        of_[p] = reader.consume_bytes(count).data();
        if (!reader.ok()) return false;
        continue;
      }
      const std::string_view compressed = mode == kPlaneZstd ? reader.consume_sized() : std::string_view();
      if (!reader.ok()) return false;
      buffers[p].resize(count);
      if (mode == kPlaneZero)
        std::fill(buffers[p].begin(), buffers[p].end(), '\0');
      else if (!decompress_exactly(compressed, buffers[p].data(), count))
        return false;
      of_[p] = buffers[p].data();
    }
    return true;
  }

  uint64_t number_at(size_t i) const {
    uint64_t number = 0;
    for (unsigned p = 0; p < planes_; ++p)
      number |= static_cast<uint64_t>(static_cast<unsigned char>(of_[p][i])) << (8 * p);
    return number;
  }

  // All numbers in one pass over all planes.
  template <typename Number>
  void put_together(std::span<Number> numbers) const {
    switch (planes_) {
      case 1:
        return put_together<1>(numbers);
      case 2:
        return put_together<2>(numbers);
      case 3:
        return put_together<3>(numbers);
      case 4:
        return put_together<4>(numbers);
      case 5:
        return put_together<5>(numbers);
      default:
        for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<Number>(number_at(i));
    }
  }

 private:
  template <unsigned kPlanesHere, typename Number>
  void put_together(std::span<Number> numbers) const {
    const std::array<const char*, 8> of = of_;
    Number* const to = numbers.data();
    for (size_t i = 0; i < numbers.size(); ++i) {
      uint64_t number = 0;
      for (unsigned p = 0; p < kPlanesHere; ++p)
        number |= static_cast<uint64_t>(static_cast<unsigned char>(of[p][i])) << (8 * p);
      to[i] = static_cast<Number>(number);
    }
  }

  unsigned planes_ = 0;
  std::array<const char*, 8> of_{};
};

template <typename Number>
bool consume_planes(ByteReader& reader, std::span<Number> numbers) {
  PlaneBytes planes;
  if (!planes.read(reader, numbers.size(), sizeof(Number))) return false;
  planes.put_together(numbers);
  return true;
}

template <typename Value>
void append_as_planes(std::string& out, std::span<const Value> values, int64_t minimum, int64_t maximum,
                      bool delta) {
  thread_local std::vector<uint64_t> numbers;
  numbers.resize(values.size());
  uint64_t largest = static_cast<uint64_t>(maximum) - static_cast<uint64_t>(minimum);
  if (delta) {
    largest = 0;
    uint64_t previous = static_cast<uint64_t>(minimum);
    for (size_t i = 0; i < values.size(); ++i) {
      numbers[i] = zigzag(static_cast<int64_t>(static_cast<uint64_t>(values[i]) - previous));
      largest |= numbers[i];
      previous = static_cast<uint64_t>(values[i]);
    }
  } else {
    for (size_t i = 0; i < values.size(); ++i)
      numbers[i] = static_cast<uint64_t>(values[i]) - static_cast<uint64_t>(minimum);
  }
  out += static_cast<char>(kPlanes);
  out += static_cast<char>(delta ? 1 : 0);
  append_signed_varint(out, minimum);
  append_planes(out, numbers, largest);
}

// Whether neighbours are so close that differences take clearly fewer bits than distances from the minimum.
template <typename Value>
bool prefers_delta(std::span<const Value> values, int64_t minimum) {
  uint64_t plain = 0, delta = 0;
  Value previous = values[0];
  for (const Value value : values) {
    plain += std::bit_width(static_cast<uint64_t>(value) - static_cast<uint64_t>(minimum));
    delta += std::bit_width(
        zigzag(static_cast<int64_t>(static_cast<uint64_t>(value) - static_cast<uint64_t>(previous))));
    previous = value;
  }
  return delta + values.size() < plain;
}

template <typename Value>
void append_values(std::string& out, std::span<const Value> values) {
  if (values.empty()) {
    out += static_cast<char>(kConstant);
    append_signed_varint(out, 0);
    return;
  }
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const auto minimum = static_cast<int64_t>(*low), maximum = static_cast<int64_t>(*high);
  if (minimum == maximum) {
    out += static_cast<char>(kConstant);
    append_signed_varint(out, minimum);
    return;
  }
  const uint64_t range = static_cast<uint64_t>(maximum) - static_cast<uint64_t>(minimum);
  const unsigned width = static_cast<unsigned>(std::bit_width(range));
  if (width > 63) {
    out += static_cast<char>(kPlain);
    for (const Value value : values) append_fixed(out, static_cast<int64_t>(value));
    return;
  }
  const size_t begin = out.size();
  append_as_planes(out, values, minimum, maximum, prefers_delta(values, minimum));
  // Packed values decode faster and from any position, so planes must earn their place.
  const size_t packed = packed_bytes(values.size(), width);
  if (out.size() - begin > packed - packed / 12) {
    out.resize(begin);
    append_packed(out, values, minimum, width);
  }
}

template <typename Value>
bool consume_values(ByteReader& reader, std::span<Value> values) {
  const auto kind = reader.consume_fixed<uint8_t>();
  if (!reader.ok()) return false;
  switch (kind) {
    case kConstant: {
      std::fill(values.begin(), values.end(), static_cast<Value>(reader.consume_signed_varint()));
      return reader.ok();
    }
    case kPacked:
      return consume_packed(reader, values);
    case kPlanes: {
      const bool delta = reader.consume_fixed<uint8_t>() == 1;
      auto base = static_cast<uint64_t>(reader.consume_signed_varint());
      // Codes are below 2^32 and so are their distances; of neighbours the difference takes a bit more.
      if constexpr (sizeof(Value) == 4) {
        if (!delta && reader.ok()) {
          if (!consume_planes(reader, values)) return false;
          for (Value& value : values) value += static_cast<Value>(base);
          return true;
        }
      }
      thread_local std::vector<uint64_t> numbers;
      numbers.resize(values.size());
      if (!reader.ok() || !consume_planes(reader, std::span(numbers))) return false;
      if (delta) {
        for (size_t i = 0; i < values.size(); ++i) {
          base += static_cast<uint64_t>(unzigzag(numbers[i]));
          values[i] = static_cast<Value>(base);
        }
      } else {
        for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<Value>(numbers[i] + base);
      }
      return true;
    }
    case kPlain: {
      const std::string_view raw = reader.consume_bytes(values.size() * 8);
      if (!reader.ok()) return false;
      for (size_t i = 0; i < values.size(); ++i) {
        int64_t value;
        std::memcpy(&value, raw.data() + i * 8, 8);
        values[i] = static_cast<Value>(value);
      }
      return true;
    }
    default:
      return false;
  }
}

// Compares while unpacking; eight values to a load would need gathers that are no quicker.
bool find_packed(ByteReader& reader, size_t count, uint32_t code, std::span<uint64_t> found) {
  const int64_t minimum = reader.consume_signed_varint();
  const unsigned width = reader.consume_fixed<uint8_t>();
  if (width == 0 || width > 32) return false;
  const std::string_view packed = reader.consume_bytes(packed_bytes(count, width));
  if (!reader.ok()) return false;
  const int64_t distance = int64_t{code} - minimum;
  const uint64_t mask = (uint64_t{1} << width) - 1;
  if (distance < 0 || static_cast<uint64_t>(distance) > mask) return true;
  const auto wanted = static_cast<uint64_t>(distance);
  auto value_at = [&](uint64_t bit) {
    uint64_t word = 0;
    const size_t at = bit >> 3;
    std::memcpy(&word, packed.data() + at, std::min<size_t>(8, packed.size() - at));
    return word >> (bit & 7) & mask;
  };
  // A load of eight bytes must not reach past the end.
  const size_t fast =
      packed.size() < 8 ? 0 : std::min(count, ((packed.size() - 8) * 8) / width + 1) / 64 * 64;
  uint64_t bit = 0;
  for (size_t i = 0; i < fast; i += 64) {
    uint64_t hits = 0;
    for (unsigned n = 0; n < 64; ++n, bit += width) {
      uint64_t word;
      std::memcpy(&word, packed.data() + (bit >> 3), 8);
      hits |= static_cast<uint64_t>((word >> (bit & 7) & mask) == wanted) << n;
    }
    found[i / 64] = hits;
  }
  for (size_t i = fast; i < count; ++i, bit += width)
    found[i / 64] |= static_cast<uint64_t>(value_at(bit) == wanted) << (i % 64);
  return true;
}

template <typename Value>
bool consume_packed_at(ByteReader& reader, size_t count, std::span<const uint32_t> positions,
                       std::span<Value> values) {
  const auto minimum = static_cast<uint64_t>(reader.consume_signed_varint());
  const unsigned width = reader.consume_fixed<uint8_t>();
  if (width == 0 || width > 63) return false;
  const std::string_view packed = reader.consume_bytes(packed_bytes(count, width));
  if (!reader.ok()) return false;
  const uint64_t mask = (uint64_t{1} << width) - 1;
  for (size_t i = 0; i < positions.size(); ++i) {
    const uint64_t bit = uint64_t{positions[i]} * width;
    const size_t at = bit >> 3;
    Wide word = 0;
    std::memcpy(&word, packed.data() + at, std::min<size_t>(16, packed.size() - at));
    values[i] = static_cast<Value>((static_cast<uint64_t>(word >> (bit & 7)) & mask) + minimum);
  }
  return true;
}

template <typename Value>
bool consume_values_at(ByteReader& reader, size_t count, std::span<const uint32_t> positions,
                       std::span<Value> values) {
  if (reader.remaining() > 0 && static_cast<uint8_t>(reader.rest()[0]) == kPacked) {
    reader.consume_fixed<uint8_t>();
    return consume_packed_at(reader, count, positions, values);
  }
  const std::string_view head = reader.rest().substr(0, 2);
  if (head.size() == 2 && static_cast<uint8_t>(head[0]) == kPlanes && head[1] == 0) {
    reader.consume_bytes(head.size());
    const auto base = static_cast<uint64_t>(reader.consume_signed_varint());
    PlaneBytes planes;
    if (!reader.ok() || !planes.read(reader, count, 8)) return false;
    for (size_t i = 0; i < positions.size(); ++i)
      values[i] = static_cast<Value>(planes.number_at(positions[i]) + base);
    return true;
  }
  thread_local std::vector<Value> all;
  all.resize(count);
  if (!consume_values(reader, std::span(all))) return false;
  for (size_t i = 0; i < positions.size(); ++i) values[i] = all[positions[i]];
  return true;
}

}  // namespace

void append_integers(std::string& out, std::span<const int64_t> values) {
  append_values(out, values);
}
void append_codes(std::string& out, std::span<const uint32_t> values) {
  append_values(out, values);
}
bool consume_integers(ByteReader& reader, std::span<int64_t> values) {
  return consume_values(reader, values);
}
bool consume_codes(ByteReader& reader, std::span<uint32_t> values) {
  return consume_values(reader, values);
}

bool consume_integers_at(ByteReader& reader, size_t count, std::span<const uint32_t> positions,
                         std::span<int64_t> values) {
  return consume_values_at(reader, count, positions, values);
}
bool consume_codes_at(ByteReader& reader, size_t count, std::span<const uint32_t> positions,
                      std::span<uint32_t> values) {
  return consume_values_at(reader, count, positions, values);
}

bool find_code(ByteReader& reader, size_t count, uint32_t code, std::span<uint64_t> found) {
  ByteReader ahead = reader;
  if (ahead.consume_fixed<uint8_t>() == kPacked) {
    reader = ahead;
    return find_packed(reader, count, code, found);
  }
  thread_local std::vector<uint32_t> codes;
  codes.resize(count);
  if (!consume_codes(reader, codes)) return false;
  for (size_t begin = 0; begin < count; begin += 64) {
    const size_t end = std::min(begin + 64, count);
    uint32_t any = 0;  // wide, so that the loop is vectorised
    for (size_t i = begin; i < end; ++i) any |= static_cast<uint32_t>(codes[i] == code);
    if (any == 0) continue;
    for (size_t i = begin; i < end; ++i)
      found[begin / 64] |= static_cast<uint64_t>(codes[i] == code) << (i - begin);
  }
  return true;
}

void append_compressed(std::string& out, std::string_view bytes) {
  const size_t mode_at = out.size();
  out += static_cast<char>(kPlaneZstd);
  append_varint(out, bytes.size());
  if (append_zstd(out, bytes)) return;
  out[mode_at] = static_cast<char>(kPlaneRaw);
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
  const std::string_view stored =
      mode == kPlaneZstd ? reader.consume_sized() : reader.consume_bytes(bytes.size());
  if (!reader.ok()) return false;
  if (mode == kPlaneZstd) return decompress_exactly(stored, bytes.data(), bytes.size());
  if (!bytes.empty()) std::memcpy(bytes.data(), stored.data(), bytes.size());
  return mode == kPlaneRaw;
}

size_t skip_compressed(ByteReader& reader) {
  const auto mode = reader.consume_fixed<uint8_t>();
  const size_t size = reader.consume_varint();
  if (mode == kPlaneZstd)
    reader.consume_sized();
  else
    reader.consume_bytes(size);
  return size;
}

}  // namespace clew::store
