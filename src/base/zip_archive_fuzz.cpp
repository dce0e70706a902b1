#include "base/fuzz.h"
#include "base/log.h"
#include "base/zip_archive.h"

CLEW_FUZZ(zip_archive) {
  const auto archive = clew::ZipArchive::read(bytes);
  if (!archive.ok()) return;
  for (const auto& file : archive->files()) {
    const auto text = clew::ZipArchive::unpack(file, 1 << 20);
    if (text.ok() && text->size() != file.size)
      clew::bug("a file of a zip has another size than its list says");
  }
}
