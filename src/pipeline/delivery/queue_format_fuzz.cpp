#include "base/fuzz.h"
#include "base/simulated_file_system.h"
#include "pipeline/delivery/queue_log.h"

// A file of a sending queue with any bytes in it is opened, and everything found in it can be read.
CLEW_FUZZ(queue_log) {
  using namespace clew;
  SimulatedFileSystem disk;
  (void)disk.make_directory("/q");
  {
    auto file = disk.open("/q/00000001.queue", OpenMode::create);
    if (!file.ok() || !(*file)->append(bytes).ok()) return;
  }
  auto log = pipeline::QueueLog::open("/q", disk);
  if (!log.ok()) return;
  for (const pipeline::QueueLog::Stored& stored : (*log)->take_recovered())
    if (!(*log)->read(stored.number).ok()) std::abort();
}
