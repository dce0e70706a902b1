// What is inside the files of a data directory, as text for a person. Reads only; the server may be running.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"

namespace clew::app {

struct FileDump {
  std::string text;
  std::vector<std::string> damages;  // a sentence each, with file and place
};

// `everything` reads and decodes every byte; `outline` what it takes to describe the file.
enum class DumpDepth : uint8_t { outline, everything };

// A part, a segment of the write-ahead log, a manifest or a file of a sending queue, told apart by their
// first bytes.
Result<FileDump> dump_file(FileSystem& files, const std::string& path, DumpDepth depth);
// A data directory: the manifest, then a line for each part and segment.
Result<FileDump> dump_directory(FileSystem& files, const std::string& path, DumpDepth depth);

}  // namespace clew::app
