#include "store/columnar/wal_format.h"

#include <bit>
#include <cstring>
#include <xxhash.h>

namespace clew::store {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie in memory");

constexpr std::string_view kSegmentMagic = "CLEWWAL\n";
constexpr std::string_view kRecordMagic = "WREC";
constexpr size_t kChecksumAt = 48;  // in both headers

template <typename Number>
void put(char* into, size_t at, Number number) {
  std::memcpy(into + at, &number, sizeof number);
}
template <typename Number>
Number get(std::string_view bytes, size_t at) {
  Number number;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

uint64_t record_checksum(std::string_view header, uint64_t salt, uint64_t offset) {
  return XXH3_64bits_withSeed(header.data(), kChecksumAt, salt + offset);
}

std::optional<WalSegmentHeader> decode_copy(std::string_view copy) {
  if (!copy.starts_with(kSegmentMagic)) return std::nullopt;
  if (get<uint64_t>(copy, kChecksumAt) != XXH3_64bits(copy.data(), kChecksumAt)) return std::nullopt;
  return WalSegmentHeader{.version = get<uint32_t>(copy, 8),
                          .segment = get<uint64_t>(copy, 16),
                          .previous_bytes = get<uint64_t>(copy, 24),
                          .previous_durable_bytes = get<uint64_t>(copy, 32),
                          .salt = get<uint64_t>(copy, 40)};
}

}  // namespace

std::string encode_segment_header(const WalSegmentHeader& header) {
  std::string copy(kWalSegmentHeaderBytes, '\0');
  copy.replace(0, kSegmentMagic.size(), kSegmentMagic);
  put(copy.data(), 8, header.version);
  put(copy.data(), 16, header.segment);
  put(copy.data(), 24, header.previous_bytes);
  put(copy.data(), 32, header.previous_durable_bytes);
  put(copy.data(), 40, header.salt);
  put(copy.data(), kChecksumAt, uint64_t{XXH3_64bits(copy.data(), kChecksumAt)});
  return copy + copy;
}

std::optional<WalSegmentHeader> decode_segment_header(std::string_view segment) {
  for (const uint64_t at : {uint64_t{0}, kWalSegmentHeaderBytes}) {
    if (segment.size() < at + kWalSegmentHeaderBytes) break;
    if (auto header = decode_copy(segment.substr(at, kWalSegmentHeaderBytes))) return header;
  }
  return std::nullopt;
}

uint64_t wal_payload_checksum(std::string_view payload) {
  return XXH3_64bits(payload.data(), payload.size());
}

std::array<char, kWalRecordHeaderBytes> encode_record_header(const WalRecordHeader& header, uint64_t salt,
                                                             uint64_t offset) {
  std::array<char, kWalRecordHeaderBytes> bytes{};
  std::memcpy(bytes.data(), kRecordMagic.data(), kRecordMagic.size());
  put(bytes.data(), 4, header.payload_bytes);
  put(bytes.data(), 8, header.sequence);
  put(bytes.data(), 16, header.arrival.count);
  put(bytes.data(), 24, header.environment.number);
  put(bytes.data(), 28, static_cast<uint8_t>(header.signal));
  put(bytes.data(), 32, header.group_offset);
  put(bytes.data(), 40, header.payload_checksum);
  put(bytes.data(), kChecksumAt, record_checksum({bytes.data(), bytes.size()}, salt, offset));
  return bytes;
}

bool has_record_magic(std::string_view segment, uint64_t offset) {
  return offset <= segment.size() && segment.substr(offset).starts_with(kRecordMagic);
}

std::optional<WalRecordHeader> decode_record(std::string_view segment, uint64_t offset, uint64_t salt) {
  if (!has_record_magic(segment, offset)) return std::nullopt;
  const std::string_view rest = segment.substr(offset);
  if (rest.size() < kWalRecordHeaderBytes) return std::nullopt;
  // The header first: without a right one the length would decide how much is hashed in vain.
  if (get<uint64_t>(rest, kChecksumAt) != record_checksum(rest, salt, offset)) return std::nullopt;
  const uint32_t payload_bytes = get<uint32_t>(rest, 4);
  if (payload_bytes > rest.size() - kWalRecordHeaderBytes) return std::nullopt;
  const uint64_t payload_checksum = get<uint64_t>(rest, 40);
  if (payload_checksum != wal_payload_checksum(rest.substr(kWalRecordHeaderBytes, payload_bytes)))
    return std::nullopt;
  const uint8_t signal = get<uint8_t>(rest, 28);
  const uint64_t group_offset = get<uint64_t>(rest, 32);
  if (signal < static_cast<uint8_t>(Signal::traces) || signal > static_cast<uint8_t>(Signal::metrics) ||
      group_offset > offset) {
    return std::nullopt;
  }
  return WalRecordHeader{.payload_bytes = payload_bytes,
                         .sequence = get<uint64_t>(rest, 8),
                         .arrival = {get<int64_t>(rest, 16)},
                         .environment = {get<uint32_t>(rest, 24)},
                         .signal = static_cast<Signal>(signal),
                         .group_offset = group_offset,
                         .payload_checksum = payload_checksum};
}

}  // namespace clew::store
