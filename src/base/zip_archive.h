// ZipArchive: the files in a zip, as PKWARE's APPNOTE describes them; stored and deflated ones, up to 4 GiB,
// without encryption.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew {

class ZipArchive {
 public:
  struct File {
    std::string name;  // as it is written: may have slashes, may be hostile as a path
    uint64_t size = 0;
    uint16_t method = 0;
    uint32_t checksum = 0;
    std::string_view packed;  // within the archive's bytes
  };

  static constexpr size_t kMostFiles = 10'000;

  // The bytes must outlive the archive. bad_input when they are none, too_large with too many files.
  static Result<ZipArchive> read(std::string_view bytes);

  // In the order of the archive's list; without directories.
  const std::vector<File>& files() const { return files_; }
  // What is in it. bad_input when it is damaged, too_large when it is larger than `limit`.
  static Result<std::string> unpack(const File& file, size_t limit);

 private:
  std::vector<File> files_;
};

}  // namespace clew
