// The file of a part (docs/format/part.md): what stands where, and its directory.
//
//   +--------------------------------------------------------------+
//   | header  "CLEWPART"  version u32  zero u32                     |
//   | dictionaries: one for each column that has one                |
//   | granule 0: presences, chunks (one a column), trace filter     |
//   | granule 1 …                                                   |
//   | footer: columns, granules, where each piece stands            |
//   | tail    footer size u32  footer checksum u32  "CLEWTAIL"      |
//   +--------------------------------------------------------------+
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/segment.h"
#include "telemetry/batch.h"

namespace clew::store {

inline constexpr std::string_view kPartMagic = "CLEWPART";
inline constexpr std::string_view kPartTail = "CLEWTAIL";
inline constexpr uint32_t kPartVersion = 1;
inline constexpr size_t kPartHeaderBytes = 16;
inline constexpr size_t kPartTailBytes = 16;

// Limits that a reader holds every file to. Raising one is compatible; older programs refuse larger files.
inline constexpr uint64_t kMaxFooterBytes = 1u << 30;
inline constexpr uint64_t kMaxPieceBytes = 1u << 30;
inline constexpr uint64_t kMaxPartColumns = 100'000;
inline constexpr uint64_t kMaxPartGranules = 1u << 20;
inline constexpr uint64_t kMaxDictionaryEntries = 1u << 28;

// Low half of XXH3.
uint32_t checksum_of(std::string_view bytes);

// A run of bytes in the file with its checksum.
struct Piece {
  uint64_t offset = 0;
  uint32_t size = 0;
  uint32_t checksum = 0;
};

struct PartColumn {
  ColumnInfo info;
  std::optional<Piece> dictionary;  // distinct values, sorted; codes of all granules refer to it
  uint32_t dictionary_entries = 0;
};

// How the values of a chunk are kept. Values reach the disk: never change them.
enum class ChunkForm : uint8_t {
  integers = 1,      // int64, time, duration
  floats = 2,        // float64: bit patterns as integers
  whole_floats = 3,  // float64 that are all whole numbers: as integers
  booleans = 4,
  codes = 5,        // stringlike by dictionary
  strings = 6,      // sizes, then compressed bytes
  trace_ids = 7,    // count, distinct ids, codes
  span_ids = 8,     // raw
  parent_rows = 9,  // span ids given by the row, in the same granule, that has them in trace.span_id
};

struct Chunk {
  uint32_t column = 0;
  ChunkForm form = ChunkForm::integers;
  Piece piece;
  uint32_t presence = 0;                    // 0: every row; n: presences[n - 1] of the granule
  uint32_t count = 0;                       // values
  std::optional<int64_t> minimum, maximum;  // integers; for floats the bit patterns
};

struct PartGranule {
  GranuleInfo info;
  std::vector<Piece> presences;
  std::vector<Chunk> chunks;  // ascending by column
  std::optional<Piece> trace_filter;
};

struct Footer {
  EnvironmentId environment;
  Signal signal = Signal::traces;
  int32_t day = 0;  // since 1970
  uint64_t rows = 0;
  std::vector<PartColumn> columns;
  std::vector<PartGranule> granules;
};

std::string encode_footer(const Footer& footer);
Result<Footer> decode_footer(std::string_view bytes);

}  // namespace clew::store
