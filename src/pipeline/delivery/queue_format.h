// The bytes of a sending queue's files (docs/format/queue.md).
//
//   header, 16 bytes                 record: header (40), payload
//    0  magic "CLEWQUE\n"             0  u32 magic "QREC"
//    8  u32 format version            4  u32 payload bytes
//   12  u32 zero                      8  u64 number of the batch
//                                    16  u8 kind: 1 a batch, 2 it was sent
//                                    17  u8 signal, 2 zeros
//                                    20  u32 environment
//                                    24  u64 items
//                                    32  u64 checksum: XXH3 of the payload, then of 0..32 seeded with that
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "telemetry/batch.h"

namespace clew::pipeline {

constexpr uint32_t kQueueFormatVersion = 1;
constexpr uint64_t kQueueFileHeaderBytes = 16;
constexpr uint64_t kQueueRecordHeaderBytes = 40;

struct QueueRecord {
  enum class Kind : uint8_t { batch = 1, sent = 2 };

  Kind kind = Kind::batch;
  uint64_t number = 0;
  Signal signal = Signal::traces;
  EnvironmentId environment = kDefaultEnvironment;
  uint64_t items = 0;
  uint64_t payload_bytes = 0;
};

std::string encode_queue_file_header();
// The version; nothing when it is no such file.
std::optional<uint32_t> decode_queue_file_header(std::string_view file);

std::string encode_queue_record_header(const QueueRecord& record, std::string_view payload);
// The whole and undamaged record at `offset`, if one is there.
std::optional<QueueRecord> decode_queue_record(std::string_view file, uint64_t offset);
// Where the next bytes are that look like a record, from `offset` on; npos when nowhere.
size_t find_queue_record(std::string_view file, uint64_t offset);

}  // namespace clew::pipeline
