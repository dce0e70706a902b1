// What is inside the files of a sending queue on disk (docs/format/queue.md), as text for a person.
#pragma once

#include "app/file_dump.h"

namespace clew::app {

bool is_queue_file(std::string_view first_bytes);
bool has_queue_files(FileSystem& files, const std::string& directory);

// One file, or the directory of one exporter: only there it is known which batches were sent.
Result<FileDump> dump_queue(FileSystem& files, const std::string& path);

}  // namespace clew::app
