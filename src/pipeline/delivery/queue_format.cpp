#include "pipeline/delivery/queue_format.h"

#define XXH_INLINE_ALL
#include <bit>
#include <cstring>
#include <xxhash.h>

namespace clew::pipeline {
namespace {

constexpr std::string_view kFileMagic = "CLEWQUE\n";
constexpr std::string_view kRecordMagic = "QREC";
constexpr uint64_t kChecksumOffset = 32;

static_assert(std::endian::native == std::endian::little);

template <typename Number>
void put(std::string& bytes, Number number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <typename Number>
Number get(std::string_view bytes, uint64_t offset) {
  Number number{};
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return number;
}

uint64_t checksum(std::string_view head, std::string_view payload) {
  return XXH3_64bits_withSeed(head.data(), head.size(), XXH3_64bits(payload.data(), payload.size()));
}

}  // namespace

std::string encode_queue_file_header() {
  std::string bytes(kFileMagic);
  put(bytes, kQueueFormatVersion);
  put(bytes, uint32_t{0});
  return bytes;
}

std::optional<uint32_t> decode_queue_file_header(std::string_view file) {
  if (file.size() < kQueueFileHeaderBytes || !file.starts_with(kFileMagic)) return std::nullopt;
  return get<uint32_t>(file, kFileMagic.size());
}

std::string encode_queue_record_header(const QueueRecord& record, std::string_view payload) {
  std::string bytes(kRecordMagic);
  put(bytes, static_cast<uint32_t>(payload.size()));
  put(bytes, record.number);
  put(bytes, static_cast<uint8_t>(record.kind));
  put(bytes, static_cast<uint8_t>(record.signal));
  put(bytes, uint16_t{0});
  put(bytes, record.environment.number);
  put(bytes, record.items);
  put(bytes, checksum(bytes, payload));
  return bytes;
}

std::optional<QueueRecord> decode_queue_record(std::string_view file, uint64_t offset) {
  if (offset > file.size() || file.size() - offset < kQueueRecordHeaderBytes) return std::nullopt;
  const std::string_view head = file.substr(offset, kQueueRecordHeaderBytes);
  if (!head.starts_with(kRecordMagic)) return std::nullopt;
  const uint64_t payload_bytes = get<uint32_t>(head, 4);
  if (file.size() - offset - kQueueRecordHeaderBytes < payload_bytes) return std::nullopt;
  const std::string_view payload = file.substr(offset + kQueueRecordHeaderBytes, payload_bytes);
  if (checksum(head.substr(0, kChecksumOffset), payload) != get<uint64_t>(head, kChecksumOffset))
    return std::nullopt;
  const auto kind = get<uint8_t>(head, 16);
  const auto signal = get<uint8_t>(head, 17);
  if (kind < 1 || kind > 2 || signal < 1 || signal > 3) return std::nullopt;
  return QueueRecord{.kind = static_cast<QueueRecord::Kind>(kind),
                     .number = get<uint64_t>(head, 8),
                     .signal = static_cast<Signal>(signal),
                     .environment = {get<uint32_t>(head, 20)},
                     .items = get<uint64_t>(head, 24),
                     .payload_bytes = payload_bytes};
}

size_t find_queue_record(std::string_view file, uint64_t offset) {
  return file.find(kRecordMagic, offset);
}

}  // namespace clew::pipeline
