#include <cstring>

#include "base/fuzz.h"
#include "base/log.h"
#include "base/simulated_file_system.h"
#include "store/columnar/part.h"

using namespace clew;
using namespace clew::store;

namespace {

// Puts right the checksums of the tail, so that the decoder of the footer is reached and not only its guard.
std::string with_right_footer_checksum(std::string_view bytes) {
  std::string file(bytes);
  if (file.size() < kPartHeaderBytes + kPartTailBytes) return file;
  uint32_t size;
  std::memcpy(&size, file.data() + file.size() - kPartTailBytes, sizeof size);
  if (size > file.size() - kPartHeaderBytes - kPartTailBytes) return file;
  const uint32_t checksum =
      checksum_of(std::string_view(file).substr(file.size() - kPartTailBytes - size, size));
  std::memcpy(file.data() + file.size() - kPartTailBytes + sizeof size, &checksum, sizeof checksum);
  return file;
}

void open_and_read(std::string_view bytes) {
  SimulatedFileSystem disk;
  {
    auto file = disk.open("/x.part", OpenMode::create);
    if (!file.ok() || !(*file)->append(bytes).ok()) bug("no file");
  }
  const auto part = Part::open(disk, "/x.part");
  if (!part.ok()) return;
  (void)(*part)->verify();
  for (uint32_t granule = 0; granule < (*part)->granules().size(); ++granule) {
    for (uint32_t column = 0; column < (*part)->columns().size(); ++column) {
      if ((*part)->zone_map(granule, column)) (void)(*part)->read(granule, column);
    }
  }
}

}  // namespace

CLEW_FUZZ(part_file) {
  open_and_read(bytes);
  open_and_read(with_right_footer_checksum(bytes));
}

// Every decoder of values, given bytes that passed their checksum: the first byte chooses.
CLEW_FUZZ(part_chunk) {
  if (bytes.size() < 4) return;
  const auto form = static_cast<ChunkForm>(bytes[0] % 10);
  const auto type = static_cast<ColumnType>(bytes[1] % 11);
  ChunkContext context;
  context.rows = context.count = 1 + static_cast<unsigned char>(bytes[2]) * 257u;
  auto dictionary = std::make_shared<Dictionary>();
  dictionary->bytes = "abc";
  dictionary->values = {std::string_view(dictionary->bytes).substr(0, 1),
                        std::string_view(dictionary->bytes).substr(1)};
  context.dictionary = dictionary;
  ColumnData data;
  if (!decode_chunk_values(bytes.substr(3), form, type, context, data)) return;
  if (is_stringlike(type)) {
    for (uint32_t row = 0; row < data.rows; ++row) {
      if (data.string_at(row).size() > (1u << 30)) bug("a value larger than its chunk");
    }
  }
}
